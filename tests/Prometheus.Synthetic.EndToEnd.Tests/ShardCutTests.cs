using System.Text.Json;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>How a set is cut into shards, and whether workers or one process make it, changes no byte of it.</summary>
public sealed class ShardCutTests(RealMarket market) : IClassFixture<RealMarket>
{
    private const int Paths = 160;
    private const int Steps = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_three_and_sixteen_shards_by_event_and_the_job_in_process_give_one_content_hash()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (int shards in new[] { 1, 3, 16 })
        {
            int pathsPerShard = (Paths + shards - 1) / shards;
            await using WorkerProcess worker = WorkerProcess.Start(
                market.ConnectionString,
                market.Rabbit.Address,
                settings: ("LIMITS__SHARDCELLS", pathsPerShard * Steps * RealMarket.Instruments)
            );
            await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(
                team,
                worker,
                JsonSerializer.Serialize(Request($"SHARDS_{shards}"))
            );
            Heard done = await team.HearAsync<ScenarioSetGenerated>(
                Ct,
                b => b.GetProperty("tags").EnumerateArray().Any(t => t.GetString() == $"SHARDS_{shards}")
            );
            Guid id = done.Body.GetProperty("scenario_set_id").GetGuid();
            Assert.Equal(
                shards,
                await market.CountAsync($"SELECT count(*) FROM synthetic.shards WHERE scenario_set_id = '{id}'", Ct)
            );
            hashes[$"{shards}"] = done.Text("content_hash");
        }

        hashes["local"] = await InProcessAsync();
        Assert.Single(hashes.Values.Distinct(StringComparer.Ordinal));
    }

    /// <summary>The same request by <c>generate --local</c>; it names no broker, so none can help.</summary>
    private async Task<string> InProcessAsync()
    {
        string file = Path.Combine(Path.GetTempPath(), $"synthetic-{Environment.ProcessId}-cut.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Request("LOCAL")), Ct);
        try
        {
            var cli = new InProcessCli(
                Path.GetTempPath(),
                new Dictionary<string, string> { ["SYNTHETIC_POSTGRES"] = market.ConnectionString }
            );
            CliRun run = await cli.RunAsync("generate", "--local", "--file", file, "--json");
            Assert.True(run.Code == ExitCodes.Ok, run.Error);
            JsonElement set = JsonSerializer.Deserialize<JsonElement>(run.Output);
            return set.GetProperty("content_hash").GetString()!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static object Request(string tag) =>
        new
        {
            name = "CUT",
            category = "BOOTSTRAP",
            horizon_days = Steps,
            num_paths = Paths,
            markets = new[] { RealMarket.Market },
            as_of_date = RealMarket.AsOf,
            generator_spec = new { seed = 7 },
            force_new_version = true,
            tags = new[] { tag },
        };
}
