using System.Diagnostics;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>Workers that die, leave and join: the outcome is the same set, once. Run with more of everything by SYNTHETIC_LONG=1.</summary>
[Collection<FaultCollection>]
public sealed class WorkerFaultTests(FaultBench bench)
{
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
        await bench.DrainedAsync(last);
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

            await bench.DrainedAsync(workers);
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
        await bench.DrainedAsync(next);
        bench.Record(
            "worker stopped (SIGTERM) at work",
            stops,
            6 * stops,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }

    /// <summary>
    /// A fleet that is scaled while it works: workers join, are told to stop and die, at random and overlapping, one to four
    /// at a time.
    /// </summary>
    [Fact]
    public async Task Workers_come_and_go_at_random_under_a_load()
    {
        int moves = Requirement.IsLong ? 40 : 6;
        int sets = Requirement.IsLong ? 200 : 12;
        var random = new Random(20261128);
        var clock = Stopwatch.StartNew();
        await using var fleet = new Fleet(() => bench.Worker());
        fleet.Join();
        fleet.Join();
        await bench.AskAsync("F_FLEET", sets);
        // Each kind in turn, shuffled within its three: none is left out, whatever the seed.
        FleetMove[] order = [];
        for (int i = 0; i < moves; i++)
        {
            if (i % 3 == 0)
                order = [.. Enum.GetValues<FleetMove>().OrderBy(_ => random.Next())];
            await Task.Delay(random.Next(200, Requirement.IsLong ? 2_500 : 1_500), Ct);
            await fleet.MoveAsync(order[i % 3], random);
        }

        await bench.DrainedAsync(fleet.Working);
        await fleet.StoppedAsync();
        bench.Record(
            $"workers joined ({fleet.Joined}), killed ({fleet.Killed}) and stopped ({fleet.Stopped}) at random while others worked",
            moves,
            sets,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }
}
