using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// A day with a monthly refresh and requests, after which the worker died, the broker lost all that was
/// in work, and a set was deleted:
/// replayed from the journal, the day has the same sets, each once.
/// </summary>
public sealed class RebuildTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private const int Asked = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_replayed_from_the_journal_has_the_same_sets_each_once()
    {
        await market.ReadyAsync();
        string policies = Directory.CreateTempSubdirectory("synthetic-policies-").FullName;
        await File.WriteAllTextAsync(Path.Combine(policies, "day.yaml"), Policy, Ct);
        await using OtherTeam team = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        // Ears of its own: the refresh may be complete before the last of the sets that were asked for beside it.
        await using OtherTeam refresh = await OtherTeam.JoinAsync(market.Rabbit.Address, Ct);
        Dictionary<string, (string Id, string Hash, string? MessageId)> day = [];
        await using (WorkerProcess worker = Worker(policies))
        {
            await MainJobTests.PublishWhenHeardAsync<MonthlyRefreshDue>(
                team,
                worker,
                $$"""{"market_id":"US_EQ","month":"2022-12","as_of_date":"{{SmallMarket.AsOf}}"}"""
            );
            for (int i = 0; i < Asked; i++)
                await team.PublishAsync<GenerateScenarioSet>(SmallMarket.Request($"ASKED_{i}"), Ct);
            for (int i = 0; i < Asked + 2; i++)
                Remember(day, await team.HearAsync<ScenarioSetGenerated>("the day", Ct));
            Heard completed = await refresh.HearAsync<MonthlyRefreshCompleted>("the day", Ct);
            Assert.Equal("COMPLETE", completed.Text("outcome"));
            // Taken in, and lost before anything came of it: its saga has been told nothing yet.
            await LoseAsync(team, worker);
        }

        Assert.Equal(Asked + 2, day.Count);
        await OperatorActs.DeleteAsync(market.Postgres.ConnectionString, Guid.Parse(day["ASKED_0"].Id), Ct);
        Assert.Equal(Asked + 1, await SealedAsync());

        // Shown first, and then nothing has been sent.
        string dry = await market.SayAsync("replay", "--journal", "--from", "1h");
        Assert.Contains("would be announced again", dry, StringComparison.Ordinal);
        Assert.Contains($"{Asked + 2} events; nothing was sent", dry, StringComparison.Ordinal);
        Assert.Equal(0, await WaitingAsync());
        Assert.Contains(
            "1 events; nothing",
            await market.SayAsync("replay", "--journal", "--from", "1h", "--type", "MonthlyRefreshDue"),
            StringComparison.Ordinal
        );
        await market.RefusedAsync("is no event", "replay", "--journal", "--from", "1h", "--type", "SealScenarioSet");
        await market.RefusedAsync("--journal", "replay", "--from", "1h");

        Assert.Contains(
            $"{Asked + 2} events replayed",
            await market.SayAsync("replay", "--journal", "--from", "1h", "--yes"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            Asked + 2,
            await market.CountAsync(
                $"SELECT count(*) FROM synthetic.audit_trail WHERE action = 'EVENT_REPLAYED' AND actor = '{Environment.UserName}' AND message_id IS NOT NULL"
            )
        );

        await using WorkerProcess next = Worker(policies);
        Dictionary<string, (string Id, string Hash, string? MessageId)> rebuilt = [];
        while (rebuilt.Count < Asked + 3)
            Remember(rebuilt, await team.HearAsync<ScenarioSetGenerated>("the day again", Ct));
        await SmallMarket.UntilAsync("rest", () => RestsAsync(), next);

        // The deleted one is made anew, with the same numbers; the lost one at last; all others are the very same.
        Assert.Equal(Asked + 3, await SealedAsync());
        Assert.Equal(Asked + 3, await market.CountAsync("SELECT count(DISTINCT name) FROM scenario_sets"));
        Assert.Contains("LOST", rebuilt.Keys);
        foreach ((string name, var was) in day)
        {
            var now = rebuilt[name];
            Assert.Equal(was.Hash, now.Hash);
            if (name == "ASKED_0")
                Assert.NotEqual(was.Id, now.Id);
            else
                Assert.Equal(was, now);
        }

        Assert.Contains("No messages.", await market.SayAsync("messages", "list"), StringComparison.Ordinal);
        Directory.Delete(policies, recursive: true);
    }

    /// <summary>One more request comes; its first message to ourselves is stopped on its way, the worker dies, the queues are emptied.</summary>
    private async Task LoseAsync(OtherTeam team, WorkerProcess worker)
    {
        await using IConnection connection = await new ConnectionFactory
        {
            Uri = market.Rabbit.Address,
        }.CreateConnectionAsync(Ct);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.QueueUnbindAsync(
            QueueNames.Generation,
            QueueNames.Generation,
            string.Empty,
            cancellationToken: Ct
        );
        await team.PublishAsync<GenerateScenarioSet>(SmallMarket.Request("LOST"), Ct);
        await SmallMarket.UntilAsync(
            "the journal's entry",
            async () =>
                await market.CountAsync(
                    "SELECT count(*) FROM synthetic.message_journal WHERE natural_key = 'LOST' AND outcome = 'STARTED'"
                ) == 1,
            worker
        );
        await worker.KillAsync();
        foreach (string queue in QueueNames.All)
            await channel.QueuePurgeAsync(queue, Ct);
        await channel.QueueBindAsync(QueueNames.Generation, QueueNames.Generation, string.Empty, cancellationToken: Ct);
    }

    /// <summary>The reconciler stays out of it: the replay alone must do.</summary>
    private WorkerProcess Worker(string policies) => market.Worker(("POLICIES", policies), ("STALLEDSECONDS", 3_600));

    private static void Remember(Dictionary<string, (string, string, string?)> sets, Heard generated) =>
        sets[generated.Text("name")] = (
            generated.Text("scenario_set_id"),
            generated.Text("content_hash"),
            generated.MessageId
        );

    private Task<long> SealedAsync() => market.CountAsync("SELECT count(*) FROM scenario_sets");

    private async Task<long> WaitingAsync() =>
        (await QueueDepths.ReadAsync(market.Rabbit.Address, Ct)).Sum(q => (long)q.Messages);

    private async Task<bool> RestsAsync() =>
        await WaitingAsync() == 0 && (await market.JsonAsync("sagas", "list", "--open")).GetArrayLength() == 0;

    private const string Policy = """
        policy: day
        version: 1
        market: US_EQ
        monthly:
          - part: short
            name: "{market}_BASELINE_{horizon}D"
            category: BOOTSTRAP
            horizon_days: 10
            num_paths: 100
            generator_spec: { block_length: 5 }
          - part: long
            name: "{market}_BASELINE_{horizon}D"
            category: BOOTSTRAP
            horizon_days: 20
            num_paths: 100
            generator_spec: { block_length: 5 }
        """;
}
