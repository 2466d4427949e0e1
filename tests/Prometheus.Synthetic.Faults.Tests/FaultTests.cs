using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>Whatever fails, wherever, the outcome is the same set, once. Run with more of everything by SYNTHETIC_LONG=1.</summary>
[Collection<FaultCollection>]
public sealed class FaultTests(FaultBench bench)
{
    /// <summary>
    /// How long nothing may get further. The longest a worker waits in health is a broker that is away: reconnecting and
    /// retries double up to 15 s each, and a saga is driven again after ten times 4 s while messages wait; twice their sum.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] Points =
    [
        "pre-send:ShardGenerated", // COPY committed, nothing said of it, not acknowledged
        "post-send:ShardGenerated", // said, not acknowledged
        "pre-send:GenerateShard", // saga saved, nothing sent
        "pre-send:ScenarioSetGenerated", // sealed, not published
        "post-send:ScenarioSetGenerated", // published, not acknowledged
        "pre-send:SealScenarioSet",
        "pre-send:PlanScenarioSet",
        "pre-send:ScenarioSetPlanned", // set opened, not said
        "post-consume:GenerateShard",
        "pre-send:StartScenarioSetGeneration",
        "post-send:GenerateShard", // some of the shards sent
        "post-consume:ScenarioSetPlanned",
    ];

    /// <summary>Every moment between a commit, a send and an acknowledgement at which a worker can die.</summary>
    [Fact]
    public async Task Workers_killed_at_chosen_points()
    {
        int kills = Requirement.IsLong ? 60 : 4;
        var clock = Stopwatch.StartNew();
        int killed = 0;
        int generations = 0;
        for (int i = 0; i < kills; i++)
        {
            // Later occurrences too: the third shard of a set, the second set of a worker; as many sets as it takes.
            int occurrence = 1 + i / Points.Length % 3;
            string point = $"{Points[i % Points.Length]}:{occurrence}";
            int sets = Math.Max(2, occurrence);
            await bench.AskAsync($"F_POINT{i:00}", sets);
            generations += sets;
            await using WorkerProcess worker = bench.Worker(point);
            if (await worker.ExitedAsync(TimeSpan.FromSeconds(30)))
                killed++;
            else
                Assert.Fail($"{point} was never reached:\n{worker.Tail}");
        }

        await using WorkerProcess last = bench.Worker();
        await bench.DrainedAsync(Patience, last);
        bench.Record(
            "worker killed (SIGKILL) at chosen points",
            killed,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
        Assert.Equal(kills, killed);
    }

    [Fact]
    public async Task Workers_killed_at_random_moments_while_others_work()
    {
        Requirement.LongSuite();
        int kills = Requirement.IsLong ? 25 : 3;
        var random = new Random(20261127);
        var clock = Stopwatch.StartNew();
        var workers = new List<WorkerProcess> { bench.Worker(), bench.Worker() };
        try
        {
            for (int i = 0; i < kills; i++)
            {
                await bench.AskAsync($"F_RANDOM{i:00}", 4);
                await Task.Delay(random.Next(500, 3_500), Ct);
                int victim = random.Next(workers.Count);
                await workers[victim].KillAsync();
                await workers[victim].DisposeAsync();
                workers[victim] = bench.Worker();
                if (Requirement.IsLong && i == kills / 2)
                    workers.Add(bench.Worker());
            }

            await bench.DrainedAsync(Patience, [.. workers]);
            string who = workers.Count == 3 ? "two, then three workers, one" : "two workers, one";
            bench.Record(
                $"{who} killed at random moments and replaced",
                kills,
                4 * kills,
                await bench.CheckAsync(),
                clock.Elapsed.TotalSeconds
            );
        }
        finally
        {
            foreach (WorkerProcess worker in workers)
                await worker.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_worker_told_to_stop_hands_back_what_it_has()
    {
        Requirement.LongSuite();
        var clock = Stopwatch.StartNew();
        int stops = Requirement.IsLong ? 6 : 1;
        for (int i = 0; i < stops; i++)
        {
            await bench.AskAsync($"F_STOP{i:00}", 6);
            await using WorkerProcess worker = bench.Worker();
            await Task.Delay(4_000 + 300 * i, Ct);
            Task stopped = worker.StopAsync();
            Assert.True(await worker.ExitedAsync(FaultBench.StopsWithin), "the worker did not stop in its time");
            await stopped;
            Assert.Equal(0, worker.ExitCode);
        }

        await using WorkerProcess next = bench.Worker();
        await bench.DrainedAsync(Patience, next);
        bench.Record(
            "worker stopped (SIGTERM) at work",
            stops,
            6 * stops,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task Connections_cut_and_stalled()
    {
        Requirement.LongSuite();
        int rounds = Requirement.IsLong ? 10 : 2;
        var clock = Stopwatch.StartNew();
        var postgres = new NpgsqlConnectionStringBuilder(bench.Services.Postgres);
        await using var database = new ChaosProxy(postgres.Host!, postgres.Port);
        await using var broker = new ChaosProxy(bench.Services.RabbitMq.Host, bench.Services.RabbitMq.Port);
        postgres.Host = "127.0.0.1";
        postgres.Port = database.Port;
        Uri rabbit = new UriBuilder(bench.Services.RabbitMq) { Host = "127.0.0.1", Port = broker.Port }.Uri;
        await using WorkerProcess worker = bench.Worker(through: (postgres.ConnectionString, rabbit));
        int generations = 0;
        for (int i = 0; i < rounds; i++)
        {
            await bench.AskAsync($"F_CUT{i:00}", 4);
            generations += 4;
            await Task.Delay(i == 0 ? 4_000 : 700, Ct);
            foreach (ChaosProxy proxy in i % 2 == 0 ? [database, broker] : new[] { broker, database })
            {
                if (i % 4 < 2)
                    proxy.Cut();
                else
                    proxy.Stall();
                await Task.Delay(1_500, Ct);
                proxy.Resume();
                await Task.Delay(500, Ct);
            }
        }

        await bench.DrainedAsync(Patience, worker);
        Assert.False(worker.HasExited);
        bench.Record(
            "connections to database and broker cut or stalled",
            2 * rounds,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task Database_and_broker_stopped_and_started_again()
    {
        if (!bench.Services.CanRestart)
            Requirement.OptionalMissing("the services run in containers, which this test does not restart");
        int rounds = Requirement.IsLong ? 3 : 1;
        var clock = Stopwatch.StartNew();
        await using WorkerProcess first = bench.Worker();
        await using WorkerProcess second = bench.Worker();
        for (int i = 0; i < rounds; i++)
        {
            await bench.AskAsync($"F_PG{i:00}", 4);
            await Task.Delay(i == 0 ? 4_000 : 600, Ct);
            await bench.Services.RestartPostgresAsync(TimeSpan.FromSeconds(1));
            await bench.AskAsync($"F_MQ{i:00}", 4);
            await Task.Delay(600, Ct);
            await bench.Services.RestartRabbitMqAsync(TimeSpan.FromSeconds(1));
        }

        await bench.DrainedAsync(Patience, first, second);
        Assert.False(first.HasExited || second.HasExited);
        bench.Record(
            "PostgreSQL stopped at once (SIGQUIT), RabbitMQ killed; both started again",
            2 * rounds,
            8 * rounds,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task Queues_purged()
    {
        Requirement.LongSuite();
        var clock = Stopwatch.StartNew();
        int purges = 0;
        int rounds = Requirement.IsLong ? 5 : 1;
        await using WorkerProcess worker = bench.Worker();
        for (int i = 0; i < rounds; i++)
        {
            await bench.AskAsync($"F_PURGE{i:00}", 10);
            await Task.Delay(i == 0 ? 4_500 : 300, Ct);
            await using IConnection connection = await bench.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
            // Our own messages all: what other teams sent and we have not seen yet is theirs to send again.
            foreach (string queue in QueueNames.Internal)
            {
                await channel.QueuePurgeAsync(queue, Ct);
                purges++;
            }
        }

        await bench.DrainedAsync(Patience, worker);
        bench.Record("queue purged", purges, 10 * rounds, await bench.CheckAsync(), clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task Every_message_delivered_one_to_five_times_and_shuffled()
    {
        int generations = Requirement.IsLong ? 40 : 5;
        var clock = Stopwatch.StartNew();
        await bench.AskAsync("F_COPIES", generations, times: i => 1 + i % 5);
        await using WorkerProcess first = bench.Worker(copies: 1);
        await using WorkerProcess second = bench.Worker(copies: 2);
        await bench.DrainedAsync(Patience, first, second);
        // The last copies come up to a second and a half late.
        await Task.Delay(2_000, Ct);
        await bench.DrainedAsync(Patience, first, second);
        bench.Record(
            "every message delivered one to five times and shuffled, two workers",
            generations,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    [Fact]
    public async Task A_load_at_once_drains()
    {
        Requirement.LongSuite();
        int generations = Requirement.IsLong ? 200 : 20;
        await using WorkerProcess first = bench.Worker();
        await using WorkerProcess second = bench.Worker();
        await WarmAsync();
        await using IConnection connection = await bench.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        QueueDeclareOk queue = await channel.QueueDeclareAsync(cancellationToken: Ct);
        await channel.QueueBindAsync(
            queue.QueueName,
            ContractNames.Of<ScenarioSetGenerated>().Exchange,
            string.Empty,
            cancellationToken: Ct
        );
        var arrived = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        var clock = new Stopwatch();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, e) =>
        {
            arrived.TryAdd(
                JsonSerializer.Deserialize<JsonElement>(e.Body.Span).GetProperty("name").GetString()!,
                clock.Elapsed.TotalSeconds
            );
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Ct);
        clock.Start();
        await bench.AskAsync("F_LOAD", generations);
        await bench.DrainedAsync(Patience, first, second);
        double[] seconds =
        [
            .. arrived.Where(a => a.Key.StartsWith("F_LOAD", StringComparison.Ordinal)).Select(a => a.Value).Order(),
        ];
        Assert.Equal(generations, seconds.Length);
        double p95 = seconds[(int)Math.Ceiling(0.95 * generations) - 1];
        bench.Record(
            $"none: load, two workers; {generations / seconds[^1]:F1} sets/s, event to published p95 {p95:F1} s",
            0,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    /// <summary>Nothing may hang on whose clock is right: what is derived from it orders no work and names no message.</summary>
    [Fact]
    public async Task Workers_whose_clocks_disagree_by_hours()
    {
        Requirement.LongSuite();
        int generations = Requirement.IsLong ? 12 : 4;
        var clock = Stopwatch.StartNew();
        await using WorkerProcess early = bench.Worker(clock: -3 * 3600);
        await using WorkerProcess late = bench.Worker(clock: 3 * 3600);
        await bench.AskAsync("F_CLOCK", generations, times: _ => 2);
        await bench.DrainedAsync(Patience, early, late);
        bench.Record(
            "two workers whose clocks are six hours apart, every request twice",
            2,
            generations,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    private async Task WarmAsync()
    {
        await bench.AskAsync("F_WARM", 2);
        await bench.DrainedAsync(Patience);
    }
}
