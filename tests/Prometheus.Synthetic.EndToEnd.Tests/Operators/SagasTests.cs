using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests.Operators;

/// <summary><c>sagas</c>: a generation that is called off in the middle and asked for again, a refresh that ends short and is completed.</summary>
public sealed class SagasTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_generation_is_cancelled_and_retried()
    {
        await market.ReadyAsync();
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        // One place, many shards: the cancellation waits for one shard and overtakes the others.
        await using WorkerProcess worker = market.Worker(("LIMITS__SHARDCELLS", 2_000), ("SHARDCONCURRENCY", 1));
        string id;
        await using (NpgsqlConnection held = await market.Postgres.HoldRowsAsync(Ct))
        {
            await MainJobTests.PublishWhenHeardAsync<GenerateScenarioSet>(
                team,
                worker,
                SmallMarket.Request("CALLED_OFF", 5_000)
            );
            await market.Postgres.UntilWaitingAsync(1, worker, Ct);
            // A shard may begin a moment before the saga that sent it is written.
            await SmallMarket.UntilAsync(
                "the saga that generates",
                async () => (await market.SayAsync("sagas", "list")).Contains("Generating", StringComparison.Ordinal),
                worker
            );
            JsonElement open = Assert.Single((await market.JsonAsync("sagas", "list", "--open")).EnumerateArray());
            Assert.Equal("CALLED_OFF", open.GetProperty("about").GetString());
            Assert.Equal("Generating", open.GetProperty("state").GetString());
            Assert.Equal(0, open.GetProperty("done").GetInt32());
            Assert.True(open.GetProperty("total").GetInt32() > 50);
            id = open.GetProperty("id").GetString()!;
            string shown = await market.SayAsync("sagas", "show", id);
            Assert.Contains("Generating", shown, StringComparison.Ordinal);
            Assert.Contains("driven again from", shown, StringComparison.Ordinal);
            Assert.Contains("CALLED_OFF", await market.SayAsync("sagas", "list"), StringComparison.Ordinal);

            Assert.Contains(
                "cancellation sent",
                await market.SayAsync("sagas", "cancel", id, "--reason", "wrong month"),
                StringComparison.Ordinal
            );
            // The cancellation waits behind the shard.
            await market.Postgres.UntilWaitingAsync(2, worker, Ct);
        }

        Heard stopped = await team.HearAsync<ScenarioSetGenerationFailed>(Ct);
        Assert.Equal("CANCELLED", stopped.Text("state"));
        Assert.Contains("wrong month", stopped.Body.GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal(
            0,
            await market.CountAsync(
                "SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id NOT IN (SELECT scenario_set_id FROM scenario_sets)"
            )
        );
        await AuditedAsync("SAGA_CANCELLED", id);
        JsonElement ended = await market.JsonAsync("sagas", "show", id);
        Assert.Equal("Cancelled", ended.GetProperty("state").GetString());
        Assert.Contains("wrong month", ended.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        await market.RefusedAsync("only what has not ended", "sagas", "cancel", id, "--reason", "again");

        Assert.Contains("asked for again", await market.SayAsync("sagas", "retry", id), StringComparison.Ordinal);
        Heard made = await team.HearAsync<ScenarioSetGenerated>(Ct);
        Assert.Equal("CALLED_OFF", made.Text("name"));
        Assert.Equal(id, made.Text("request_id"));
        await AuditedAsync("SAGA_RETRIED", id);
        await SmallMarket.UntilAsync(
            "the saga's end",
            async () =>
                (await market.JsonAsync("sagas", "show", id)) is var s
                && s.GetProperty("state").GetString() == "Completed"
                && s.GetProperty("attempt").GetInt32() == 2,
            worker
        );
        Assert.Contains("No sagas.", await market.SayAsync("sagas", "list", "--open"), StringComparison.Ordinal);
        await market.RefusedAsync("is no saga", "sagas", "show", "0d6f2f0c-6c0f-5f3e-9a35-2f4f1c8a7b10");
    }

    [Fact]
    public async Task A_refresh_without_data_ends_degraded_and_is_completed_when_the_data_have_come()
    {
        await market.ReadyAsync();
        string policies = Directory.CreateTempSubdirectory("synthetic-policies-").FullName;
        await File.WriteAllTextAsync(Path.Combine(policies, "late.yaml"), Policy, Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        await using WorkerProcess worker = market.Worker(("POLICIES", policies));
        await MainJobTests.PublishWhenHeardAsync<MonthlyRefreshDue>(
            team,
            worker,
            $$"""{"market_id":"LATE_EQ","month":"2022-12","as_of_date":"{{SmallMarket.AsOf}}"}"""
        );
        Heard degraded = await team.HearAsync<MonthlyRefreshCompleted>(Ct);
        Assert.Equal("DEGRADED", degraded.Text("outcome"));
        JsonElement missing = Assert.Single(degraded.Body.GetProperty("degraded").EnumerateArray());
        Assert.Equal("baseline", missing.GetProperty("part").GetString());
        Assert.NotEqual(string.Empty, missing.GetProperty("errors")[0].GetProperty("message").GetString());

        JsonElement saga = Assert.Single(
            (await market.JsonAsync("sagas", "list")).EnumerateArray(),
            s => s.GetProperty("kind").GetString() == "monthly-refresh"
        );
        string id = saga.GetProperty("id").GetString()!;
        Assert.Equal(degraded.Text("refresh_id"), id);
        Assert.Contains("baseline", await market.SayAsync("sagas", "show", id), StringComparison.Ordinal);

        await market.LoadAsync("LATE_EQ");
        await market.SayAsync("sagas", "retry", id);
        Heard complete = await team.HearAsync<MonthlyRefreshCompleted>(Ct);
        Assert.Equal("COMPLETE", complete.Text("outcome"));
        Assert.Equal(2, complete.Body.GetProperty("round").GetInt32());
        Assert.NotEqual(degraded.MessageId, complete.MessageId);
        Assert.Equal(1, await market.CountAsync("SELECT count(*) FROM scenario_sets WHERE name = 'LATE_BASELINE'"));
        Directory.Delete(policies, recursive: true);
    }

    private const string Policy = """
        policy: late
        version: 1
        market: LATE_EQ
        monthly:
          - part: baseline
            name: LATE_BASELINE
            category: BOOTSTRAP
            horizon_days: 10
            num_paths: 100
            generator_spec: { block_length: 5 }
        """;

    private async Task AuditedAsync(string action, string saga) =>
        Assert.Equal(
            1,
            await market.CountAsync(
                $"SELECT count(*) FROM synthetic.audit_trail WHERE action = '{action}' AND details ->> 'id' = '{saga}' AND actor = '{Environment.UserName}'"
            )
        );
}
