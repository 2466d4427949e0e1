using System.Diagnostics;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>How shards share workers: lanes, a shard that nobody survives, a worker that leaves in the middle of one.</summary>
[Collection<FaultCollection>]
public sealed class WorkTests(FaultBench bench)
{
    private static TimeSpan Patience => FaultBench.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_demand_requests_are_served_while_every_place_of_the_batch_lane_is_taken()
    {
        const int places = 2;
        var clock = Stopwatch.StartNew();
        string policies = Directory.CreateTempSubdirectory("synthetic-policies-").FullName;
        await File.WriteAllTextAsync(Path.Combine(policies, "lane.yaml"), Policy, Ct);
        try
        {
            await using WorkerProcess worker = bench.Worker(
                settings: [("POLICIES", policies), ("SHARDCONCURRENCY", places)]
            );
            await bench.PublishAsync<MonthlyRefreshDue>([
                $$"""{"market_id":"US_EQ","month":"2022-12","as_of_date":"{{FaultBench.AsOf}}"}""",
            ]);
            await using (HeldSet held = await HeldSet.TakeAsync(bench.Services.Postgres, "LANE", Patience, Ct))
            {
                await held.AwaitedAsync(places, Patience, Ct);
                await bench.AskAsync("F_LANE", 3);
                await bench.MadeAsync("F_LANE", 3, worker);
                // The batch lane has not moved meanwhile: its places are taken still, and others wait for them.
                Assert.True(await held.WaitingAsync(Ct) >= places);
                QueueDepth batch = (await QueueDepths.ReadAsync(bench.Services.RabbitMq, Ct)).Single(q =>
                    q.Queue == QueueNames.ShardsBatch
                );
                Assert.True(batch.Messages > 0, "no shard of the refresh waits");
            }

            await bench.DrainedAsync(worker);
            Assert.Equal(1, await bench.CountAsync("SELECT count(*) FROM scenario_sets WHERE name = 'LANE'"));
            bench.Record(
                "every place of the batch lane taken by a monthly refresh, on-demand requests meanwhile",
                places,
                4,
                await bench.CheckAsync(),
                clock.Elapsed.TotalSeconds
            );
        }
        finally
        {
            Directory.Delete(policies, recursive: true);
        }
    }

    [Fact]
    public async Task A_shard_that_no_worker_survives_fails_its_set_and_no_worker()
    {
        const string name = "POISON";
        var clock = Stopwatch.StartNew();
        await using (WorkerProcess dies = bench.Worker("post-send:GenerateShard:2"))
        {
            await bench.PublishAsync<GenerateScenarioSet>([FaultBench.Request(name, 1000)]);
            Assert.True(await dies.ExitedAsync(Patience), dies.Tail);
        }

        int dropped = 0;
        for (int i = 0; i < GenerateShardConsumer.MaxDeliveries; i++)
            dropped += await DropAsync(QueueNames.ShardsInteractive);
        Assert.True(dropped >= GenerateShardConsumer.MaxDeliveries, "no shard lay in the queue");

        await using WorkerProcess worker = bench.Worker();
        await bench.AskAsync("F_POISON", 2);
        await bench.DrainedAsync(worker);
        Assert.Equal(
            1,
            await bench.CountAsync(
                $"SELECT count(*) FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' = '{name}' AND data ->> 'status' = 'Failed' AND data ->> 'errors' LIKE '%{nameof(PoisonShardException)}%'"
            )
        );
        Assert.False(worker.HasExited);
        // The others are made, and of this one not a row is left.
        string held = await bench.CheckAsync();
        Assert.Contains(
            bench.Heard,
            h => h.Exchange == ContractNames.Of<ScenarioSetGenerationFailed>().Exchange && h.Name == name
        );
        bench.Record(
            "a shard that ended fifteen deliveries without a result: its set fails, the worker goes on",
            GenerateShardConsumer.MaxDeliveries,
            3,
            held,
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task A_worker_told_to_stop_gives_back_a_shard_that_it_cannot_finish_and_another_makes_it()
    {
        Requirement.LongSuite();
        var clock = Stopwatch.StartNew();
        await using WorkerProcess leaves = bench.Worker();
        await bench.AskAsync("F_HELD", 1, paths: 20_000);
        await using (HeldSet held = await HeldSet.TakeAsync(bench.Services.Postgres, "F_HELD_000", Patience, Ct))
        {
            await held.AwaitedAsync(1, Patience, Ct);
            Task stopped = leaves.StopAsync();
            // STOPSECONDS of the bench and the host's own time after it; a worker that waits for the shard never goes.
            Assert.True(await leaves.ExitedAsync(FaultBench.StopsWithin), "the worker waits for its shard");
            await stopped;
            Assert.Equal(0, leaves.ExitCode);
            await WaitingAsync(QueueNames.ShardsInteractive);
        }

        await using WorkerProcess joins = bench.Worker();
        await bench.DrainedAsync(joins);
        bench.Record(
            "worker stopped (SIGTERM) within a shard that it cannot finish: handed back",
            1,
            1,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    /// <summary>Takes all messages of a queue and is gone without a word, as a worker that dies; returns how many.</summary>
    private async Task<int> DropAsync(string queue)
    {
        await using IConnection connection = await bench.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        int taken = 0;
        // The last one's messages come back a moment after it went.
        for (int tries = 0; taken == 0 && tries < 100; tries++)
        {
            while (await channel.BasicGetAsync(queue, autoAck: false, Ct) is not null)
                taken++;
            if (taken == 0)
                await Task.Delay(50, Ct);
        }

        return taken;
    }

    private async Task WaitingAsync(string queue)
    {
        var clock = Stopwatch.StartNew();
        while (
            (await QueueDepths.ReadAsync(bench.Services.RabbitMq, Ct)).Single(q => q.Queue == queue) is { Messages: 0 }
        )
        {
            Assert.True(clock.Elapsed < Patience, $"nothing came back to {queue}");
            await Task.Delay(100, Ct);
        }
    }

    private const string Policy = """
        policy: lane
        version: 1
        market: US_EQ
        monthly:
          - part: large
            name: LANE
            category: BOOTSTRAP
            horizon_days: 10
            num_paths: 60000
            generator_spec: { block_length: 5 }
        """;
}
