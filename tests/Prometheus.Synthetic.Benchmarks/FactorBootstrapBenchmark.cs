using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// The factor bootstrap's kernel alone, one thread, 1,000 paths × 30 steps × 500 instruments, 10 factors, into a reused
/// buffer; beside it, in the same run, a copy of as many cells and the straightforward matrix formulation of the same
/// result. Best of several rounds.
/// </summary>
public static class FactorBootstrapBenchmark
{
    private const int Paths = 1_000;
    private const int Steps = 30;
    private const int Instruments = 500;
    private const int Factors = 10;
    private const int Days = 3_837;
    private const int Rounds = 12;
    private const int PathsPerPiece = 500;

    public static void Run(TextWriter output)
    {
        CalibrationSnapshot snapshot = Market();
        int width = Instruments + Factors;
        double[] destination = new double[Paths * Steps * width];
        double[] source = new double[destination.Length];
        Array.Fill(source, 0.01);
        int path = Steps * width;
        double copy = Rate(
            destination.Length,
            (first, count) => Array.Copy(source, first * path, destination, first * path, count * path)
        );
        output.WriteLine($"{"memory copy", -44} {copy / 1e6, 8:0} M cells/s");
        foreach (
            (string name, string spec) in new[]
            {
                ("historical factors, joint residual rows", """{"residuals":{"sampling":{"method":"rows"}}}"""),
                ("historical factors, independent residuals", "{}"),
                (
                    "normal factors, normal residuals",
                    """{"factor_model":{"sampling":{"method":"normal"}},"residuals":{"sampling":{"method":"normal"}}}"""
                ),
                (
                    "student-t factors, student-t residuals",
                    """{"factor_model":{"sampling":{"method":"student_t"}},"residuals":{"sampling":{"method":"student_t"}}}"""
                ),
            }
        )
        {
            var family = new FactorBootstrapFamily();
            IPathGenerator generator = family.Calibrate(
                snapshot,
                family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
                new GenerationShape(Paths, Steps, 170),
                null
            );
            double rate = Rate(
                destination.Length,
                (first, count) => generator.Generate(first, destination.AsSpan(first * path, count * path))
            );
            Print(output, name, rate, copy);
        }

        Matrix<double> loadings = Matrix<double>.Build.Dense(Factors, Instruments, (f, i) => 0.1 * f + 0.001 * i);
        Matrix<double> history = Matrix<double>.Build.Dense(Days, Instruments, (t, i) => snapshot.Panel[t, i]);
        Matrix<double> drawn = Matrix<double>.Build.Dense(Days, Factors, (t, f) => snapshot.Panel[t, Instruments + f]);
        Print(
            output,
            "matrix formulation (MathNet), joint rows",
            Rate(
                (long)Paths * Steps * Instruments,
                (first, count) => ByMatrices(first, count, loadings, history, drawn)
            ),
            copy
        );
    }

    private static void ByMatrices(
        int first,
        int count,
        Matrix<double> loadings,
        Matrix<double> history,
        Matrix<double> drawn
    )
    {
        var stream = new PhiloxStream(170);
        for (int p = first; p < first + count; p++)
        {
            Matrix<double> factors = Matrix<double>.Build.Dense(Steps, Factors);
            Matrix<double> residuals = Matrix<double>.Build.Dense(Steps, Instruments);
            for (int h = 0; h < Steps; h++)
            {
                factors.SetRow(h, drawn.Row(stream.Below(Days, p, h, DrawPurpose.BlockStart)));
                residuals.SetRow(h, history.Row(stream.Below(Days, p, h, DrawPurpose.BlockEnd)));
            }

            _ = factors * loadings + residuals;
        }
    }

    private static void Print(TextWriter output, string name, double rate, double copy) =>
        output.WriteLine($"{name, -44} {rate / 1e6, 8:0} M cells/s  {rate / copy, 6:P1} of copy");

    /// <summary>
    /// Cells per second of processor time over the whole buffer, a piece of paths after the other; of each piece the best
    /// round counts.
    /// </summary>
    private static double Rate(long cells, Action<int, int> work)
    {
        double[] best = new double[Paths / PathsPerPiece];
        Array.Fill(best, double.MaxValue);
        for (int round = 0; round < Rounds; round++)
        {
            for (int piece = 0; piece < best.Length; piece++)
            {
                int first = piece * PathsPerPiece;
                best[piece] = Math.Min(best[piece], ThreadTime.Of(() => work(first, PathsPerPiece)));
            }
        }

        return cells / best.Sum();
    }

    /// <summary>A made-up market of the wanted size: normal factors and residuals of daily size.</summary>
    private static CalibrationSnapshot Market()
    {
        var stream = new PhiloxStream(1);
        int width = Instruments + Factors;
        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, Instruments)
                .Select(i => new Driver(DriverKind.Instrument, $"EQUITY:S{i:000}", Driver.SimpleReturn)),
            .. Enumerable.Range(0, Factors).Select(f => new Driver(DriverKind.Factor, $"F{f:00}", Driver.SimpleReturn)),
        ];
        double[] values = new double[Days * width];
        for (int t = 0; t < Days; t++)
        {
            Span<double> day = values.AsSpan(t * width, width);
            stream.FillNormals(day, t, 0, DrawPurpose.SimulatedMarket);
            for (int f = 0; f < Factors; f++)
                day[Instruments + f] *= 0.006;
            for (int i = 0; i < Instruments; i++)
            {
                day[i] *= 0.012;
                for (int f = 0; f < Factors; f++)
                    day[i] += (f == 0 ? 1.0 : 0.1 * ((i + f) % 7 - 3)) * day[Instruments + f];
            }
        }

        DateOnly[] dates = [.. Enumerable.Range(0, Days).Select(t => new DateOnly(2005, 1, 4).AddDays(t))];
        return new CalibrationSnapshot(dates[^1], new ShockPanel(drivers, dates, values));
    }
}
