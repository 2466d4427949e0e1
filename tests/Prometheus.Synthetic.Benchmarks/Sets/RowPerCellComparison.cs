using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>The same cells in the product's form and in the specification's table taken literally.</summary>
internal sealed class RowPerCellComparison(IServiceProvider services, FigureTable table)
{
    private const int Paths = 1_000;
    private const int Steps = BenchMarket.Steps;
    private readonly NpgsqlDataSource _source = services.GetRequiredService<NpgsqlDataSource>();

    private string _snapshot = string.Empty;

    /// <summary>Compiles the code and opens the connections; its sets are in no figure.</summary>
    public async Task WarmAsync()
    {
        // A set is sealed only with what it was calibrated on: one day will do, which every set here shares.
        Driver[] one = [new(DriverKind.Instrument, BenchMarket.Instrument(0), Driver.SimpleReturn, 100)];
        var day = new DateOnly(2024, 1, 1);
        _snapshot = await services
            .GetRequiredService<SnapshotStore>()
            .SaveAsync(new CalibrationSnapshot(day, new ShockPanel(one, [day], new double[1])), CancellationToken.None);
        var shards = new Shards(10);
        for (int round = 0; round < 3; round++)
            await StoreAsync(NameBasedGuid.Create($"bench:warm:{round}"), shards);
    }

    /// <summary>Loads and reads sets of so many instruments.</summary>
    public async Task RunAsync(int width)
    {
        var shards = new Shards(width);
        string[] instruments = shards.Instruments;
        var set = NameBasedGuid.Create($"bench:{width}");
        double cells = (double)Paths * (Steps + 1) * width;
        table.Title(FormattableString.Invariant($"{cells / 1e6:0.0} M cells; peer: one row per cell"));
        await RowPerCellTable.CreateAsync(_source);
        var watch = new Stopwatches();
        await RowPerCellTable.LoadAsync(_source, set, instruments, Paths, Steps, shards.Values);
        double peer = watch.Lap();
        long before = await SizeAsync("synthetic.path_shocks");
        double[] laps = await StoreAsync(set, shards);
        table.Seconds("load: open, shards by two connections, seal", peer, laps.Sum(), aim: 50);
        table.Row(
            "  of it open, shards, seal",
            "",
            string.Join(" + ", laps.Select(l => $"{1e3 * l:0}")) + " ms",
            "",
            ""
        );
        long bytes = await SizeAsync("synthetic.path_shocks") - before;
        table.Bytes("disk a cell, with indexes", await SizeAsync("bench.cells") / cells, bytes / cells, aim: 13);
        await RowPerCellTable.ExecuteAsync(_source, "VACUUM ANALYZE bench.cells");
        await RowPerCellTable.ExecuteAsync(_source, "VACUUM ANALYZE synthetic.path_shocks");
        await RowPerCellTable.ExecuteAsync(_source, "ANALYZE synthetic.set_drivers, synthetic.mt_doc_scenario_set");
        await ReadAsync("one path", set, "scenario_id = 500", 5);
        await ReadAsync("one instrument", set, $"instrument_id = '{instruments[7]}'", 5);
        IEnumerable<string> fifty = instruments.Where((_, i) => i % (width / 50) == 0).Take(50);
        await ReadAsync("50 instruments", set, $"instrument_id IN ('{string.Join("','", fifty)}')", 3, aim: 3);
        await LimitsAsync(set);
        // As a consumer asks that keeps its positions in a table: nothing below the view may hinder the join.
        await RowPerCellTable.ExecuteAsync(
            _source,
            $"CREATE TABLE bench.positions (instrument_id) AS SELECT unnest(ARRAY['{string.Join("','", fifty)}']); ANALYZE bench.positions"
        );
        await ReadAsync("50 by a join", set, "instrument_id IN (SELECT instrument_id FROM bench.positions)", 3);
        await ReadAsync("whole set", set, "true", width > 500 ? 1 : 2);
        ScenarioSetReader reader = services.GetRequiredService<ScenarioSetReader>();
        watch.Lap();
        await foreach (PathBlock unused in reader.ReadAsync(set)) { }
        table.Alone("whole set by ScenarioSetReader", watch.Lap(), cells);
        await RowPerCellTable.ExecuteAsync(_source, "DROP SCHEMA bench CASCADE");
    }

    private double _fiftyByCells;

    private async Task ReadAsync(string what, Guid set, string where, int rounds, double? aim = null)
    {
        string cell = $"SELECT scenario_id, horizon_index, instrument_id, \"return\" FROM ";
        string which = $" WHERE scenario_set_id = '{set}' AND {where}";
        const string order = " ORDER BY scenario_id, horizon_index";
        double cells = await Stopwatches.BestAsync(rounds, () => DrainAsync(cell + "bench.cells" + which + order));
        double view = await Stopwatches.BestAsync(rounds, () => DrainAsync(cell + "scenario_paths" + which + order));
        double arrays = await Stopwatches.BestAsync(
            rounds,
            () => DrainAsync("SELECT scenario_id, instrument_id, returns FROM scenario_path_arrays" + which)
        );
        table.Seconds(what + ", scenario_paths", cells, view);
        table.Seconds(what + ", scenario_path_arrays", cells, arrays, aim);
        if (aim is not null)
            _fiftyByCells = cells;
    }

    /// <summary>What bounds a relation with a numeric in a row of its own per cell, whatever lies beneath it.</summary>
    private async Task LimitsAsync(Guid set)
    {
        const int rows = Paths * (Steps + 1) * 50;
        double floor = await Stopwatches.BestAsync(
            3,
            () =>
                DrainAsync(
                    $"SELECT 500, i, 'EQUITY:B0007', 0.0123456789012345::numeric FROM generate_series(1, {rows}) i"
                )
        );
        table.Seconds("  limit: as many rows of constants", _fiftyByCells, floor);
        string Count(string what) =>
            $"SELECT count({what}) FROM synthetic.path_shocks p, unnest(p.shocks) AS shock WHERE scenario_set_id = '{set}' AND driver_no < 50";
        double plain = await Stopwatches.BestAsync(3, () => RowPerCellTable.ScalarAsync(_source, Count("shock")));
        double cast = await Stopwatches.BestAsync(
            3,
            () => RowPerCellTable.ScalarAsync(_source, Count("shock::numeric"))
        );
        table.Seconds("  limit: their cast to numeric alone", _fiftyByCells, cast - plain);
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

    /// <summary>The product's own way: open, shards as it cuts them over two connections, seal.</summary>
    /// <returns>Seconds for opening, storing, sealing.</returns>
    private async Task<double[]> StoreAsync(Guid id, Shards shards)
    {
        ScenarioSetStore sets = services.GetRequiredService<ScenarioSetStore>();
        ShardStore store = services.GetRequiredService<ShardStore>();
        var watch = new Stopwatches();
        await sets.OpenAsync(Record(id, shards), shards.Drivers, CancellationToken.None);
        double open = watch.Lap();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, shards.Plan.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (shard, ct) => await store.StoreAsync(shards.Content(id, shard), ct)
        );
        double stored = watch.Lap();
        await sets.SealAsync(id, CancellationToken.None);
        return [open, stored, watch.Lap()];
    }

    private ScenarioSetDocument Record(Guid id, Shards shards) =>
        new()
        {
            Id = id,
            RequestId = id,
            Attempt = 1,
            Status = ScenarioSetStatus.Generating,
            Name = $"BENCH_{id:N}",
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
            Drivers = new DriverCounts(shards.Drivers.Length, 0, 0),
            SnapshotHash = _snapshot,
            NumericVersion = 1,
            EngineVersion = "bench",
            ShardCount = shards.Plan.Count,
        };

    private Task<long> SizeAsync(string relation) =>
        RowPerCellTable.ScalarAsync(_source, $"SELECT pg_total_relation_size('{relation}')");

    /// <summary>The shards of a set, cut as the product cuts them; each holds the same values and digests.</summary>
    private sealed class Shards
    {
        private readonly byte[] _digests;

        public Shards(int width)
        {
            Instruments = [.. Enumerable.Range(0, width).Select(BenchMarket.Instrument)];
            Drivers = [.. Instruments.Select(i => new Driver(DriverKind.Instrument, i, Driver.SimpleReturn, 100))];
            Plan = ShardPlan.ByCells(Paths, Steps, width, new RequestLimits().ShardCells);
            int pathCells = Steps * width;
            Values = BenchMarket.Values(Plan.PathsPerShard * pathCells);
            _digests = new byte[Plan.PathsPerShard * PathDigest.Length];
            for (int i = 0; i < Plan.PathsPerShard; i++)
                PathDigest.Compute(
                    Values.AsSpan(i * pathCells, pathCells),
                    null,
                    _digests.AsSpan(i * PathDigest.Length)
                );
        }

        public string[] Instruments { get; }

        public Driver[] Drivers { get; }

        public ShardPlan Plan { get; }

        public double[] Values { get; }

        public ShardContent Content(Guid id, int shard)
        {
            (int first, int count) = Plan.Range(shard);
            return new ShardContent(
                id,
                shard,
                first,
                count,
                Steps,
                Drivers,
                Values.AsMemory(0, count * Steps * Drivers.Length),
                _digests.AsMemory(0, count * PathDigest.Length),
                [],
                0
            );
        }
    }
}
