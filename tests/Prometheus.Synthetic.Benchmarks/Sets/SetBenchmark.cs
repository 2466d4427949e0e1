using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>
/// Sets in PostgreSQL beside one row per cell: loading, size, reading, verification, eviction, memory, as one table.
/// Everything in one run on one server, in a database of its own.
/// </summary>
internal static class SetBenchmark
{
    /// <summary>3.1, 31 and 155 million cells: with the baseline, 31 steps of 1,000 instruments.</summary>
    private static readonly int[] s_paths = [100, 1_000, 5_000];

    private const string Database = "synthetic_bench_sets";

    /// <param name="server">Connection string of a role that may create databases.</param>
    /// <param name="part"><c>compare</c> (<c>small</c>: with 3.1 million cells only), <c>life</c> or <c>memory</c>; null for all.</param>
    public static async Task RunAsync(TextWriter output, string server, string? part)
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
        var services = new ServiceCollection();
        services.AddSyntheticEngine(own);
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredService<SchemaMigrator>().MigrateAsync();
        await BenchMarket.FillAsync(provider.GetRequiredService<NpgsqlDataSource>());
        var table = new FigureTable(output);
        if (part is null or "compare" or "small")
        {
            var comparison = new RowPerCellComparison(provider, table);
            await comparison.WarmAsync();
            await comparison.RunAsync(100);
            if (part != "small")
                await comparison.RunAsync(1_000);
        }

        if (part is null or "life")
            await LifeOfASet.RunAsync(provider, table);
        if (part is null or "memory")
            await MemoryAsync(table, own);
    }

    private static async Task MemoryAsync(FigureTable table, string connectionString)
    {
        table.Title("peak resident memory, each in a new process", "3.1 M cells", "31 M cells", "155 M", "155 : 31");
        foreach (string act in WorkerMemory.Acts)
        {
            double[] mib = new double[s_paths.Length];
            for (int i = 0; i < mib.Length; i++)
                mib[i] = await WorkerMemory.MeasureAsync(connectionString, act, s_paths[i]) / (1024.0 * 1024);
            table.Row(act, $"{mib[0]:0} MiB", $"{mib[1]:0} MiB", $"{mib[2]:0} MiB", $"{mib[2] / mib[1]:0.00} x");
        }

        foreach (int paths in s_paths)
            File.Delete(WorkerMemory.FileOf(paths));
    }
}
