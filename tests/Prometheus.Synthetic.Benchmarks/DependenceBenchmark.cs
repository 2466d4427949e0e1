using System.Diagnostics;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Vines;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Benchmarks;

/// <summary>
/// Copula sampling on one thread and the fitting of many tails, each beside a memory copy of as many cells in the same
/// run. Published rates of peers on the same tasks: t copula of 50 variables, SciPy 6.7 M uniforms/s, R copula 5 M; vine
/// of 10 variables, skfolio 0.25 M uniforms/s, VineCopula 0.11 M.
/// </summary>
public static class DependenceBenchmark
{
    // Many short rounds: on a busy machine the best of them ran undisturbed.
    private const int Rounds = 151;
    private const double PeerUniforms = 6.7e6;
    private const double PeerVineUniforms = 0.25e6;

    public static void Run(TextWriter output)
    {
        var stream = new PhiloxStream(170);
        Copulas(output, stream);
        Vines(output, stream);
        Tails(output, stream);
    }

    private static void Copulas(TextWriter output, PhiloxStream stream)
    {
        const int width = 50;
        double[] rows = new double[2_000 * width];
        double copy = Copy(rows.Length);
        output.WriteLine($"{"memory copy", -44} {copy / 1e6, 8:0} M cells/s");
        double[] correlation = new double[width * width];
        for (int i = 0; i < width * width; i++)
            correlation[i] = i / width == i % width ? 1.0 : 0.3 + 0.2 * (((i / width) + (i % width)) % 3);
        correlation = Scenarios.Numerics.LinearAlgebra.NearestCorrelation.Of(correlation, width).Matrix;
        for (int i = 0; i < width * width; i++)
            correlation[i] = i / width == i % width ? 1.0 : 0.95 * correlation[i];
        foreach (
            (string name, double? nu) in new (string, double?)[]
            {
                ("Gaussian copula, 50 variables", null),
                ("t copula, 50 variables", 4.0),
            }
        )
        {
            var copula = new EllipticalCopula(correlation, width, nu);
            double rate = Rate(rows.Length, () => copula.Fill(stream, 0, 0, 20, rows));
            output.WriteLine(
                $"{name, -44} {rate / 1e6, 8:0.0} M uniforms/s  {rate / copy, 6:P1} of copy  {rate / PeerUniforms, 5:0.0} x SciPy's 6.7 M"
            );
        }
    }

    private static void Vines(TextWriter output, PhiloxStream stream)
    {
        const int width = 10;
        double[][] columns = OneFactor(stream, width, 3_000);
        string[] ids = [.. Enumerable.Range(0, width).Select(i => $"S{i}")];
        double[] rows = new double[2_000 * width];
        double copy = Copy(rows.Length);
        output.WriteLine($"{"memory copy", -44} {copy / 1e6, 8:0} M cells/s");
        foreach (
            (string name, VineOptions options) in new[]
            {
                ("vine, t pairs in all 45 places", Everywhere("student_t")),
                ("vine, Clayton pairs in all 45 places", Everywhere("clayton")),
                ("vine, Gumbel pairs in all 45 places", Everywhere("gumbel")),
                ("vine, Frank pairs in all 45 places", Everywhere("frank")),
                ("vine, Joe pairs in all 45 places", Everywhere("joe")),
                ("vine, all families by AIC, gated", VineOptions.Default),
                ("vine, all families, truncated at tree 3", VineOptions.Default with { Truncation = 3 }),
            }
        )
        {
            long started = Stopwatch.GetTimestamp();
            Vine vine = VineFit.Of(columns, ids, options, "vine");
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double rate = Rate(2_000, () => vine.Fill(stream, 0, 0, 20, rows));
            string families = string.Join(
                ' ',
                vine.Edges.GroupBy(e => e.Copula.Family).Select(g => $"{g.Count()} {g.Key}")
            );
            output.WriteLine(
                $"{name, -44} {width * rate / 1e6, 8:0.0} M uniforms/s  {width * rate / copy, 6:P1} of copy  {width * rate / PeerVineUniforms, 5:0} x skfolio's 0.25 M  fit {seconds:0.0} s  ({families})"
            );
        }
    }

    private static VineOptions Everywhere(string family) =>
        VineOptions.Default with
        {
            Families = [family],
            IndependenceLevel = 0.0,
        };

    private static void Tails(TextWriter output, PhiloxStream stream)
    {
        const int width = 500;
        const int drawn = 40;
        const int days = 3_837;
        double[] rows = new double[days * width];
        var t = new StudentT(4.0);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = 0.01 * t.QuantileOfScore(stream.Normal(i / width, i % width, DrawPurpose.SimulatedMarket));
        string[] ids = [.. Enumerable.Range(0, width).Select(i => $"S{i}")];
        foreach (MarginKind kind in new[] { MarginKind.Gpd, MarginKind.StudentT })
        {
            long started = Stopwatch.GetTimestamp();
            IMargin[] margins = new MarginSpec(kind, 0.1, "margins").Fit(rows, ids);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double[] uniforms = new double[256];
            double[] cells = new double[256 * drawn];
            double rate = Rate(
                cells.Length,
                () =>
                {
                    for (int i = 0; i < drawn; i++)
                    {
                        stream.FillUniforms(uniforms, i, 0, DrawPurpose.Margin);
                        margins[i].Transform(uniforms, 1);
                        uniforms.CopyTo(cells, i * 256);
                    }
                }
            );
            output.WriteLine(
                $"{$"{kind} margins of 500 series x {days} days", -44} fit {seconds, 6:0.00} s  draws {rate / 1e6, 6:0.0} M cells/s"
            );
        }
    }

    /// <summary>Ranks of variables that share one t-distributed factor, so that every tree has something to fit.</summary>
    private static double[][] OneFactor(PhiloxStream stream, int width, int days)
    {
        double[] correlation = new double[width * width];
        for (int i = 0; i < width * width; i++)
            correlation[i] = i / width == i % width ? 1.0 : 0.9 - 0.05 * Math.Abs(i / width - i % width);
        double[] rows = new double[days * width];
        new EllipticalCopula(correlation, width, 4.0).Fill(stream, 7, 0, 1, rows);
        return Ranks.OfColumns(rows, width).Columns;
    }

    private static double Copy(int cells)
    {
        double[] source = new double[cells];
        double[] destination = new double[cells];
        Array.Fill(source, 0.5);
        return Rate(cells, () => source.CopyTo(destination, 0));
    }

    private static double Rate(long units, Action work)
    {
        work();
        double best = double.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return units / best;
    }
}
