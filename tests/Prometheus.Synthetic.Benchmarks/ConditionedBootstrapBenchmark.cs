using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// Windows and every variant of the block bootstrap, one thread, 1,000 paths × 30 steps × 500 instruments into a reused
/// buffer, beside a copy of as many bytes in the same run. Best of interleaved rounds; calibration is timed once apart.
/// </summary>
public static class ConditionedBootstrapBenchmark
{
    private const int Paths = 1_000;
    private const int Steps = 30;
    private const int Width = 500;
    private const int Days = 3_000;
    private const int Rounds = 12;

    private static readonly (string Name, IScenarioFamily Family, string Spec, bool Regime)[] s_variants =
    [
        ("historical windows", new HistoricalFamily(), "{}", false),
        ("stationary, automatic length", new BlockBootstrapFamily(), "{}", false),
        ("within a regime", new BlockBootstrapFamily(), """{"block_length":10}""", true),
        (
            "by the transition matrix",
            new BlockBootstrapFamily(),
            """{"block_length":10,"regime_mode":"transition"}""",
            true
        ),
        ("half-life 250 days", new BlockBootstrapFamily(), """{"block_length":10,"half_life_days":250}""", false),
        ("marginals of history", new BlockBootstrapFamily(), """{"block_length":10,"marginals":"history"}""", true),
        (
            "seams smoothed over 2 days",
            new BlockBootstrapFamily(),
            """{"block_length":10,"seam_smoothing_days":2}""",
            false
        ),
        ("filtered, EWMA", new BlockBootstrapFamily(), """{"filter":{"model":"ewma"}}""", false),
    ];

    public static void Run(TextWriter output)
    {
        CalibrationSnapshot snapshot = Market();
        var generators = new List<IPathGenerator>();
        var calibration = new List<double>();
        foreach ((_, IScenarioFamily family, string spec, bool regime) in s_variants)
        {
            IGeneratorSpec parsed = family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec));
            calibration.Add(
                ThreadTime.Of(() =>
                    generators.Add(
                        family.Calibrate(
                            snapshot,
                            parsed,
                            new GenerationShape(Paths, Steps, 170),
                            regime ? ["B"] : null
                        )
                    )
                )
            );
        }

        double[] source = new double[Paths * Steps * Width];
        Array.Fill(source, 0.01);
        double[] destination = new double[source.Length];
        double copy = double.MaxValue;
        double[] best = [.. generators.Select(_ => double.MaxValue)];
        for (int round = 0; round < Rounds; round++)
        {
            copy = Math.Min(copy, ThreadTime.Of(() => source.CopyTo(destination, 0)));
            for (int g = 0; g < best.Length; g++)
                best[g] = Math.Min(best[g], ThreadTime.Of(() => generators[g].Generate(0, destination)));
        }

        output.WriteLine($"{"memory copy", -32}{source.Length / copy / 1e6, 8:0} M cells/s   1.00");
        for (int g = 0; g < best.Length; g++)
            output.WriteLine(
                $"{s_variants[g].Name, -32}{source.Length / best[g] / 1e6, 8:0} M cells/s   {copy / best[g]:0.00}   calibration {calibration[g]:0.00} s"
            );
    }

    private static CalibrationSnapshot Market()
    {
        var stream = new PhiloxStream(7);
        double[] values = new double[Days * Width];
        for (int t = 0; t < Days; t++)
        {
            Span<double> row = values.AsSpan(t * Width, Width);
            stream.FillNormals(row, t, 0, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < Width; k++)
                row[k] *= 0.01;
        }

        DateOnly[] dates = [.. Enumerable.Range(0, Days).Select(new DateOnly(2010, 1, 1).AddDays)];
        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, Width)
                .Select(k => new Driver(DriverKind.Instrument, $"EQUITY:{k:D4}", Driver.SimpleReturn)),
        ];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values))
        {
            Regimes = new RegimeHistory(
                "bench",
                [.. Enumerable.Range(0, Days).Select(t => t / 60 % 2 == 0 ? "A" : "B")],
                [.. Enumerable.Repeat(1.0, Days)]
            ),
        };
    }
}
