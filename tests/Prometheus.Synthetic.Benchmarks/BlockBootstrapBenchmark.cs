using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// The bootstrap kernel and the path digest, one thread, 1,000 paths × 30 steps × 500 instruments, beside a copy of as
/// many bytes in the same run. Best of several interleaved rounds; figures are ratios to the copy.
/// </summary>
public static class BlockBootstrapBenchmark
{
    private const int Paths = 1_000;
    private const int Steps = 30;
    private const int Width = 500;
    private const int Days = 3_000;
    private const int Rounds = 15;

    public static void Run(TextWriter output)
    {
        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:{k:D4}", Driver.SimpleReturn)),
        ];
        DateOnly[] dates = [.. Enumerable.Range(0, Days).Select(new DateOnly(2010, 1, 1).AddDays)];
        double[] history = new double[Days * Width];
        for (int i = 0; i < history.Length; i++)
            history[i] = 1e-6 * (i % 9973);
        var snapshot = new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, history));
        IPathGenerator generator = new BlockBootstrapFamily().Calibrate(
            snapshot,
            new BlockBootstrapSpec(BlockScheme.Stationary, 10),
            new GenerationShape(Paths, Steps, 170),
            null
        );
        double[] source = new double[Paths * Steps * Width];
        Array.Fill(source, 0.01);
        double[] destination = new double[source.Length];
        byte[] digest = new byte[PathDigest.Length];
        double copy = double.MaxValue;
        double kernel = double.MaxValue;
        double hash = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            copy = Math.Min(copy, ThreadTime.Of(() => source.CopyTo(destination, 0)));
            kernel = Math.Min(kernel, ThreadTime.Of(() => generator.Generate(0, destination)));
            hash = Math.Min(
                hash,
                ThreadTime.Of(() =>
                {
                    for (int p = 0; p < Paths; p++)
                        PathDigest.Compute(destination.AsSpan(p * Steps * Width, Steps * Width), null, digest);
                })
            );
        }

        double cells = source.Length;
        output.WriteLine($"{"memory copy", -32}{cells / copy / 1e6, 8:0} M cells/s   1.00");
        output.WriteLine(
            $"{"stationary bootstrap kernel", -32}{cells / kernel / 1e6, 8:0} M cells/s   {copy / kernel:0.00}"
        );
        output.WriteLine($"{"path digest (SHA-256)", -32}{cells / hash / 1e6, 8:0} M cells/s   {copy / hash:0.00}");
    }
}
