using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// What diagnostics add to a set of 15 M cells (1,000 paths × 30 steps × 500 instruments): their wall time beside
/// generation and storing, on two connections, of the same set in the same run. Needs PostgreSQL
/// (its address in the environment; run it under <c>./synthetic services run --</c>).
/// </summary>
public static class DiagnosticsBenchmark
{
    private const int Paths = 1_000;
    private const int Steps = 30;
    private const int Width = 500;
    private const int HistoryDays = 2_500;
    private const int Rounds = 3;
    private const string Database = "synthetic_bench_diagnostics";

    public static void Run(TextWriter output)
    {
        if (
            (
                Environment.GetEnvironmentVariable("SYNTHETIC_POSTGRES")
                ?? Environment.GetEnvironmentVariable("PROMETHEUS_POSTGRES")
            )
            is not { Length: > 0 } server
        )
        {
            output.WriteLine("diagnostics: skipped, no PostgreSQL is given");
            return;
        }

        RunAsync(output, server).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(TextWriter output, string server)
    {
        await using (var admin = NpgsqlDataSource.Create(server))
        {
            await admin.CreateCommand($"DROP DATABASE IF EXISTS {Database} WITH (FORCE)").ExecuteNonQueryAsync();
            await admin.CreateCommand($"CREATE DATABASE {Database}").ExecuteNonQueryAsync();
        }

        var services = new ServiceCollection();
        services.AddSingleton<IDocumentRegistration, SagaTable>();
        services.AddSyntheticEngine(new NpgsqlConnectionStringBuilder(server) { Database = Database }.ConnectionString);
        await using ServiceProvider host = services.BuildServiceProvider();
        await host.GetRequiredService<SchemaMigrator>().MigrateAsync();
        CalibrationSnapshot snapshot = Market();
        string hash = await host.GetRequiredService<SnapshotStore>().SaveAsync(snapshot, CancellationToken.None);
        for (int round = 0; round < Rounds; round++)
            await RoundAsync(output, host, snapshot, hash, round);
    }

    private static async Task RoundAsync(
        TextWriter output,
        ServiceProvider host,
        CalibrationSnapshot snapshot,
        string hash,
        int round
    )
    {
        var shape = new GenerationShape(Paths, Steps, (ulong)round);
        var family = new BlockBootstrapFamily();
        IPathGenerator generator = family.Calibrate(snapshot, family.ParseSpec(null), shape, null);
        var plan = ShardPlan.ByCells(Paths, Steps, Width, 1_000_000);
        var id = new Guid(round + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
        var sets = host.GetRequiredService<ScenarioSetStore>();
        ScenarioSetDocument set = Record(id, hash, plan.Count, shape.Seed);
        await sets.OpenAsync(set, generator.Drivers, CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        var shards = host.GetRequiredService<Engine.Generation.ShardGenerator>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, plan.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (shard, ct) => await shards.GenerateAsync(set, shard, ct)
        );
        double work = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        var diagnostics = SetDiagnostics.Of(snapshot, generator, shape);
        double diagnosing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"diagnostics  generate + store {work:0.00} s, diagnose {diagnosing:0.000} s ({diagnostics.PathsSampled} paths, {diagnostics.DriversSampled} drivers): ratio {diagnosing / work:0.000}"
            )
        );
    }

    private static CalibrationSnapshot Market()
    {
        var stream = new PhiloxStream(1);
        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:B{k:000}", Driver.SimpleReturn, 100)),
        ];
        double[] values = new double[HistoryDays * Width];
        for (int t = 0; t < HistoryDays; t++)
        {
            double factor = 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < Width; k++)
                values[t * Width + k] = factor + 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket, (uint)k + 1);
        }

        DateOnly[] dates = [.. Enumerable.Range(0, HistoryDays).Select(t => new DateOnly(2015, 1, 1).AddDays(t))];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }

    private static ScenarioSetDocument Record(Guid id, string hash, int shards, ulong seed) =>
        new()
        {
            Id = id,
            RequestId = id,
            Attempt = 1,
            Status = ScenarioSetStatus.Generating,
            Name = $"BENCH_{seed}",
            Category = ScenarioCategory.Bootstrap,
            HorizonDays = Steps,
            NumPaths = Paths,
            Markets = ["BENCH"],
            AsOfDate = new DateOnly(2022, 12, 30),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            CreatedBy = "bench",
            NumericVersion = 1,
            EngineVersion = "bench",
            BaseDateStart = new DateOnly(2015, 1, 1),
            BaseDateEnd = new DateOnly(2022, 12, 30),
            Seed = seed,
            SnapshotHash = hash,
            Drivers = new DriverCounts(Width, 0, 0),
            ShardCount = shards,
        };

    private sealed class SagaTable : IDocumentRegistration
    {
        public void Register(Marten.StoreOptions options) =>
            options.Schema.For<Saga>().DocumentAlias("scenario_set_generation_saga");
    }

    public sealed class Saga
    {
        public Guid Id { get; set; }
    }
}
