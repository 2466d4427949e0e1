using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;

namespace Prometheus.Synthetic.Benchmarks.Sets;

/// <summary>What is done to a set of 31 million cells through the product: made, verified, evicted, brought back.</summary>
internal static class LifeOfASet
{
    private const int Paths = 1_000;
    private const double Cells = (double)Paths * (BenchMarket.Steps + 1) * BenchMarket.Instruments;

    public static async Task RunAsync(IServiceProvider services, FigureTable table)
    {
        table.Title("31 M cells through the engine");
        await BenchMarket.GenerateAsync(services, "BENCH_WARM", 100);
        var watch = new Stopwatches();
        ScenarioSetRef set = await BenchMarket.GenerateAsync(services, "BENCH_LIFE", Paths);
        table.Alone("generate: plan, calibrate, store, diagnose, seal", watch.Lap(), Cells);
        VerificationReport report = await services
            .GetRequiredService<SetVerifier>()
            .VerifyAsync(set.ScenarioSetId, "bench");
        table.Alone("verify: recompute, read back, compare", watch.Lap(), Cells, $"{report.Outcome}");
        var act = new Act("bench", "measured");
        NpgsqlDataSource source = services.GetRequiredService<NpgsqlDataSource>();
        long size = await SizeAsync(source);
        for (int round = 1; round <= 3; round++)
        {
            watch.Lap();
            await services
                .GetRequiredService<SetLifecycle>()
                .EvictAsync(set.ScenarioSetId, act, CancellationToken.None);
            double evict = watch.Lap();
            await services.GetRequiredService<Rehydrator>().RehydrateAsync(set.ScenarioSetId, act);
            double back = watch.Lap();
            table.Alone(round == 1 ? "evict, with the first fingerprint" : $"evict, time {round}", evict, Cells);
            table.Alone("rehydrate", back, Cells, $"table {(double)await SizeAsync(source) / size:0.000}");
        }
    }

    private static Task<long> SizeAsync(NpgsqlDataSource source) =>
        RowPerCellTable.ScalarAsync(source, "SELECT pg_total_relation_size('synthetic.path_shocks')");
}
