using System.Text.Json;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>The cut of a set into shards, set by the worker's configuration, changes no byte of what it makes.</summary>
public sealed class ShardCutTests(RealMarket market) : IClassFixture<RealMarket>
{
    private const int Paths = 160;
    private const int Steps = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_three_and_sixteen_shards_by_event_give_one_content_hash()
    {
        await market.ReadyAsync(Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        foreach (int shards in new[] { 1, 3, 16 })
        {
            int pathsPerShard = (Paths + shards - 1) / shards;
            await using WorkerProcess worker = WorkerProcess.Start(
                market.ConnectionString,
                market.Rabbit.Address,
                shardCells: pathsPerShard * Steps * RealMarket.Instruments
            );
            string request = JsonSerializer.Serialize(
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
                    tags = new[] { $"SHARDS_{shards}" },
                }
            );
            await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(team, worker, request);
            Heard done = await team.HearAsync<ScenarioSetGenerated>(
                Ct,
                b => b.GetProperty("tags").EnumerateArray().Any(t => t.GetString() == $"SHARDS_{shards}")
            );
            Guid id = done.Body.GetProperty("scenario_set_id").GetGuid();
            Assert.Equal(
                shards,
                await market.CountAsync($"SELECT count(*) FROM synthetic.shards WHERE scenario_set_id = '{id}'", Ct)
            );
            hashes.Add(done.Text("content_hash"));
        }

        Assert.Single(hashes);
    }
}
