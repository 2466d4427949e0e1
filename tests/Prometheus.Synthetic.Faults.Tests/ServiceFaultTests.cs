using System.Diagnostics;
using Npgsql;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>A database and a broker that fail: the outcome is the same set, once. Run with more of everything by SYNTHETIC_LONG=1.</summary>
[Collection<FaultCollection>]
public sealed class ServiceFaultTests(FaultBench bench)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

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

        await bench.DrainedAsync(worker);
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

        await bench.DrainedAsync(first, second);
        Assert.False(first.HasExited || second.HasExited);
        bench.Record(
            "PostgreSQL stopped at once (SIGQUIT), RabbitMQ killed; both started again",
            2 * rounds,
            8 * rounds,
            await bench.CheckAsync(),
            clock.Elapsed.TotalSeconds
        );
    }
}
