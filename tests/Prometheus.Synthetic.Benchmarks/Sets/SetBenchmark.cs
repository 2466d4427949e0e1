using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>
/// Sets in PostgreSQL beside one row per cell: loading, size, reading, verification, eviction, memory. Everything in one
/// run on the server that PROMETHEUS_POSTGRES or the launcher names, in a database of its own.
/// </summary>
public sealed class SetBenchmark
{
    private const int Paths = 1_000;
    private const int Steps = BenchMarket.Steps;
    private const string Database = "synthetic_bench_sets";
    private readonly TextWriter _output;
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _source;

    private SetBenchmark(TextWriter output, string connectionString)
    {
        _output = output;
        var services = new ServiceCollection();
        services.AddSyntheticEngine(connectionString);
        _services = services.BuildServiceProvider();
        _source = _services.GetRequiredService<NpgsqlDataSource>();
    }

    /// <param name="lifeOnly">Without the comparison with one row per cell, which takes a quarter of an hour.</param>
    /// <param name="server">Connection string of a role that may create databases.</param>
    public static async Task RunAsync(TextWriter output, string server, bool lifeOnly = false, bool memoryOnly = false)
    {
        await using (NpgsqlDataSource admin = NpgsqlDataSource.Create(server))
        {
            await RowPerCellTable.ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {Database} WITH (FORCE)");
            await RowPerCellTable.ExecuteAsync(admin, $"CREATE DATABASE {Database}");
        }

        string own = new NpgsqlConnectionStringBuilder(server)
        {
            Database = Database,
            CommandTimeout = 3600,
        }.ConnectionString;
        var benchmark = new SetBenchmark(output, own);
        await using (benchmark._services)
        {
            await benchmark._services.GetRequiredService<SchemaMigrator>().MigrateAsync();
            await BenchMarket.FillAsync(benchmark._source);
            await benchmark.WarmAsync();
            if (memoryOnly)
            {
                foreach (string act in WorkerMemory.Acts)
                    foreach (int paths in new[] { 100, 1_000, 5_000 })
                        Console.WriteLine($"{act} {paths} {await WorkerMemory.MeasureAsync(own, act, paths) >> 20} MiB");
                return;
            }
            if (!lifeOnly)
            {
                await benchmark.CompareAsync(100);
                await benchmark.CompareAsync(1_000);
            }

            await benchmark.LifeAsync();
        }
    }

    /// <summary>Compiles the code and opens the connections; its set stays and is in no figure.</summary>
    private async Task WarmAsync()
    {
        string[] instruments = [.. Enumerable.Range(0, 10).Select(BenchMarket.Instrument)];
        double[] block = BenchMarket.Values(100 * Steps * 10);
        for (int round = 0; round < 3; round++)
            await StoreAsync(NameBasedGuid.Create($"bench:warm:{round}"), instruments, block);
    }

    private async Task CompareAsync(int width)
    {
        string[] instruments = [.. Enumerable.Range(0, width).Select(BenchMarket.Instrument)];
        double[] block = BenchMarket.Values(100 * Steps * width);
        var set = NameBasedGuid.Create($"bench:{width}");
        long cells = (long)Paths * (Steps + 1) * width;
        Line($"--- {cells / 1e6:0.0} M cells: {Paths} paths × {Steps + 1} steps × {width} instruments");
        await RowPerCellTable.CreateAsync(_source);
        double cellSeconds = await SecondsAsync(() =>
            RowPerCellTable.LoadAsync(_source, set, instruments, Paths, Steps, block)
        );
        long before = await SizeAsync("synthetic.path_shocks");
        double arraySeconds = await SecondsAsync(() => StoreAsync(set, instruments, block));
        long arrayBytes = await SizeAsync("synthetic.path_shocks") - before;
        long cellBytes = await SizeAsync("bench.cells");
        Line(
            $"load            row per cell {cellSeconds:0.00} s ({cells / cellSeconds / 1e6:0.00} M cells/s), arrays {arraySeconds:0.00} s ({cells / arraySeconds / 1e6:0.0} M cells/s): ratio {cellSeconds / arraySeconds:0.0}"
        );
        Line(
            $"disk            row per cell {(double)cellBytes / cells:0.0} bytes a cell, arrays {(double)arrayBytes / cells:0.0} ({arrayBytes / (cells * 30.0 / 31):0.0} a stored value): ratio {(double)cellBytes / arrayBytes:0.0}"
        );
        await RowPerCellTable.ExecuteAsync(_source, "VACUUM ANALYZE bench.cells");
        await RowPerCellTable.ExecuteAsync(_source, "VACUUM ANALYZE synthetic.path_shocks");
        await RowPerCellTable.ExecuteAsync(_source, "ANALYZE synthetic.set_drivers, synthetic.mt_doc_scenario_set");
        await ReadAsync("one path", set, "scenario_id = 500", "scenario_id = 500", 9);
        await ReadAsync(
            "one instrument",
            set,
            $"instrument_id = '{instruments[7]}'",
            $"instrument_id = '{instruments[7]}'",
            9
        );
        string fifty = string.Join(
            ',',
            instruments.Where((_, i) => i % (width / 50) == 0).Take(50).Select(i => $"'{i}'")
        );
        await ReadAsync("50 instruments", set, $"instrument_id IN ({fifty})", $"instrument_id IN ({fifty})", 5);
        await ReadAsync("whole set", set, "true", "true", width > 500 ? 1 : 3);
        ScenarioSetReader reader = _services.GetRequiredService<ScenarioSetReader>();
        double streamed = await SecondsAsync(async () =>
        {
            await foreach (PathBlock unused in reader.ReadAsync(set)) { }
        });
        Line($"whole set       by ScenarioSetReader {streamed:0.00} s ({cells / streamed / 1e6:0.0} M cells/s)");
        await RowPerCellTable.ExecuteAsync(_source, "DROP SCHEMA bench CASCADE");
    }

    private async Task ReadAsync(string what, Guid set, string cellWhere, string arrayWhere, int rounds)
    {
        const string order = "ORDER BY scenario_id, horizon_index";
        double cells = await BestAsync(
            rounds,
            () =>
                DrainAsync(
                    $"SELECT scenario_id, horizon_index, instrument_id, \"return\" FROM bench.cells WHERE scenario_set_id = '{set}' AND {cellWhere} {order}"
                )
        );
        double view = await BestAsync(
            rounds,
            () =>
                DrainAsync(
                    $"SELECT scenario_id, horizon_index, instrument_id, \"return\" FROM scenario_paths WHERE scenario_set_id = '{set}' AND {arrayWhere} {order}"
                )
        );
        double arrays = await BestAsync(
            rounds,
            () =>
                DrainAsync(
                    $"SELECT scenario_id, instrument_id, returns FROM scenario_path_arrays WHERE scenario_set_id = '{set}' AND {arrayWhere}"
                )
        );
        Line(
            $"{what, -15} row per cell {1e3 * cells:0.0} ms, view {1e3 * view:0.0} ms (ratio {cells / view:0.0}), arrays {1e3 * arrays:0.0} ms (ratio {cells / arrays:0.0})"
        );
    }

    private async Task DrainAsync(string sql)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        int last = reader.FieldCount - 1;
        bool array = reader.GetDataTypeName(last).EndsWith("[]", StringComparison.Ordinal);
        double sum = 0;
        while (await reader.ReadAsync())
        {
            _ = reader.GetInt32(0);
            _ = reader.GetString(last - 1);
            sum += array ? reader.GetFieldValue<double[]>(last)[0] : (double)reader.GetDecimal(last);
        }

        if (double.IsNaN(sum))
            throw new InvalidOperationException("The values are no numbers.");
    }

    /// <summary>The product's own way: open, shards over two connections, seal.</summary>
    private async Task StoreAsync(Guid id, string[] instruments, double[] block)
    {
        ScenarioSetStore sets = _services.GetRequiredService<ScenarioSetStore>();
        ShardStore shards = _services.GetRequiredService<ShardStore>();
        Driver[] drivers = [.. instruments.Select(i => new Driver(DriverKind.Instrument, i, Driver.SimpleReturn, 100))];
        const int count = 100;
        const int shardCount = Paths / count;
        int pathCells = Steps * drivers.Length;
        byte[] digests = new byte[count * PathDigest.Length];
        for (int i = 0; i < count; i++)
            PathDigest.Compute(block.AsSpan(i * pathCells, pathCells), null, digests.AsSpan(i * PathDigest.Length));
        await sets.OpenAsync(Record(id, drivers.Length, shardCount), drivers, CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, shardCount),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (shard, ct) =>
                await shards.StoreAsync(
                    new ShardContent(id, shard, shard * count, count, Steps, drivers, block, digests, [], 0),
                    ct
                )
        );
        await sets.SealAsync(id, CancellationToken.None);
    }

    private static ScenarioSetDocument Record(Guid id, int width, int shards) =>
        new()
        {
            Id = id,
            RequestId = id,
            Attempt = 1,
            Status = ScenarioSetStatus.Generating,
            Name = $"BENCH_{width}_{id:N}",
            Category = "BOOTSTRAP",
            HorizonDays = Steps,
            NumPaths = Paths,
            Markets = ["BENCH"],
            AsOfDate = new DateOnly(2024, 1, 1),
            BaseDateStart = new DateOnly(2020, 1, 1),
            BaseDateEnd = new DateOnly(2024, 1, 1),
            Seed = 1,
            CreatedAt = TimeProvider.System.GetUtcNow(),
            CreatedBy = "bench",
            Drivers = new DriverCounts(width, 0, 0),
            SnapshotHash = "sha256:" + new string('0', 64),
            NumericVersion = 1,
            EngineVersion = "bench",
            ShardCount = shards,
        };

    private async Task LifeAsync()
    {
        Line($"--- life of a generated set: {Paths} paths × {Steps + 1} steps × 1000 instruments");
        const long cells = (long)Paths * (Steps + 1) * 1_000;
        ScenarioSetRef small = await BenchMarket.GenerateAsync(_services, "BENCH_SMALL", 100);
        GC.Collect();
        long peakSmall = PeakBytes();
        long started = Stopwatch.GetTimestamp();
        ScenarioSetRef set = await BenchMarket.GenerateAsync(_services, "BENCH_LIFE", Paths);
        Line(
            $"generate        {Seconds(started):0.00} s ({cells / Seconds(started) / 1e6:0.0} M cells/s), planning and calibration included"
        );
        long peak = PeakBytes();
        _ = small;
        started = Stopwatch.GetTimestamp();
        await BenchMarket.GenerateAsync(_services, "BENCH_LARGE", 5 * Paths);
        Line($"generate × 5    {Seconds(started):0.00} s ({5 * cells / Seconds(started) / 1e6:0.0} M cells/s)");
        Line(
            $"peak memory     {peakSmall >> 20} MiB after 3 M cells, {peak >> 20} MiB after 31 M, {PeakBytes() >> 20} MiB after 155 M"
        );
        SetVerifier verifier = _services.GetRequiredService<SetVerifier>();
        VerificationReport report = await verifier.VerifyAsync(set.ScenarioSetId, "bench");
        Line(
            $"verify          {report.Seconds:0.00} s ({cells / report.Seconds / 1e6:0.0} M cells/s), {report.Outcome}"
        );
        SetLifecycle life = _services.GetRequiredService<SetLifecycle>();
        Rehydrator rehydrator = _services.GetRequiredService<Rehydrator>();
        var act = new Act("bench", "measured");
        long size = await SizeAsync("synthetic.path_shocks");
        for (int round = 1; round <= 4; round++)
        {
            double evict = await SecondsAsync(() => life.EvictAsync(set.ScenarioSetId, act, CancellationToken.None));
            double back = await SecondsAsync(() => rehydrator.RehydrateAsync(set.ScenarioSetId, act));
            long now = await SizeAsync("synthetic.path_shocks");
            Line(
                $"round {round}         evict {evict:0.00} s, rehydrate {back:0.00} s ({cells / back / 1e6:0.0} M cells/s), table {(double)now / size:0.000} of its first size"
            );
        }
    }

    private async Task<long> SizeAsync(string table) =>
        await RowPerCellTable.ScalarAsync(_source, $"SELECT pg_total_relation_size('{table}')");

    private static async Task<double> BestAsync(int rounds, Func<Task> run)
    {
        await run();
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
            best = Math.Min(best, await SecondsAsync(run));
        return best;
    }

    private static async Task<double> SecondsAsync(Func<Task> run)
    {
        long started = Stopwatch.GetTimestamp();
        await run();
        return Seconds(started);
    }

    private static double Seconds(long started) => Stopwatch.GetElapsedTime(started).TotalSeconds;

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private void Line(FormattableString text) => _output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
