using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Spectra;
using ScottPlot;

namespace Prometheus.Synthetic.Benchmarks.Figures;

/// <summary>
/// Draws the figures of docs/methods from real data by the engine itself:
/// <c>dotnet run --project tests/Prometheus.Synthetic.Benchmarks -- figures DATA_FOLDER docs/images</c>.
/// </summary>
internal static class MethodFigures
{
    private const int Lags = 20;
    private static readonly GenerationShape Shape = new(1000, 60, 2026);

    public static void Draw(string data, string folder)
    {
        Directory.CreateDirectory(folder);
        CalibrationSnapshot market = SectorMarket.Load(data);
        double[] portfolio = SectorMarket.Portfolio(market.Panel);
        TailFigures.Draw(market, folder);
        Classes(market.Panel.Dates, portfolio, folder);
        Scales(portfolio, folder);
        (string Name, IPathGenerator Set)[] sets =
        [
            ("independent days", Bootstrap(market, """{"scheme":"circular","block_length":1}""")),
            ("blocks of 20", Bootstrap(market, """{"scheme":"stationary","block_length":20}""")),
            ("historical windows", Windows(market)),
        ];
        Clustering(portfolio, sets, folder);
        CoverageBars(market, sets, folder);
    }

    private static IPathGenerator Bootstrap(CalibrationSnapshot market, string spec)
    {
        var family = new BlockBootstrapFamily();
        return family.Calibrate(market, family.ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)), Shape, null);
    }

    private static IPathGenerator Windows(CalibrationSnapshot market)
    {
        var family = new HistoricalFamily();
        return family.Calibrate(market, family.ParseSpec(null), Shape, null);
    }

    private static void Classes(IReadOnlyList<DateOnly> dates, double[] portfolio, string folder)
    {
        const int days = 63;
        IReadOnlyList<WindowScores> scores = new WindowClassifier(days).ScoreAll(portfolio);
        Plot plot = Style.New(
            "The clearest window of each spectral class, nine US sectors 1998 to 2026",
            "trading day of the window",
            "sum of returns, standard deviations of the window"
        );
        foreach (WindowClass c in Enum.GetValues<WindowClass>())
        {
            double Score(WindowScores s) =>
                c == WindowClass.TrendDominated ? s.Trend
                : c == WindowClass.Choppy ? s.Choppiness
                : s.Cycle;
            int at = Enumerable.Range(0, scores.Count).Where(t => scores[t].Class == c).MaxBy(t => Score(scores[t]));
            double[] window = portfolio[at..(at + days)];
            double mean = window.Average();
            double deviation = Math.Sqrt(window.Average(r => (r - mean) * (r - mean)));
            double[] level = new double[days + 1];
            for (int h = 0; h < days; h++)
                level[h + 1] = level[h] + window[h] / deviation;
            Style.Line(
                plot,
                [.. Enumerable.Range(0, days + 1).Select(h => (double)h)],
                level,
                (int)c,
                $"{Scenarios.Json.SnakeCase.Upper(c.ToString())} from {dates[at]:yyyy-MM-dd}"
            );
        }

        Style.Save(plot, folder, "spectra-classes.png");
    }

    private static void Scales(double[] portfolio, string folder)
    {
        Plot plot = Style.New(
            "Wavelet variance by scale, in units of white noise of the same variance",
            "scale in days, log2",
            "log2 of variance × 2^level / total variance"
        );
        (string, double[])[] series = [("returns", portfolio), ("|returns|", [.. portfolio.Select(Math.Abs)])];
        for (int i = 0; i < series.Length; i++)
        {
            (string name, double[] x) = series[i];
            double mean = x.Average();
            double variance = x.Average(v => (v - mean) * (v - mean));
            IReadOnlyList<ScaleVariance> scales = WaveletVariance.Of(
                MaximalOverlapTransform.Decompose(x, WaveletFilter.LeastAsymmetric8, 8)
            );
            double Relative(double v, int level) => Math.Log2(v * (1 << level) / variance);
            double[] at = [.. scales.Select(s => s.Level - 1.0)];
            Style.Line(plot, at, [.. scales.Select(s => Relative(s.Variance, s.Level))], i, name);
            foreach (ScaleVariance s in scales)
                plot
                    .Add.Line(s.Level - 1.0, Relative(s.Lower, s.Level), s.Level - 1.0, Relative(s.Upper, s.Level))
                    .Color = Style.Palette[i];
        }

        Style.Line(plot, [0, 7], [0, 0], 3, "white noise", dashed: true);
        Style.Save(plot, folder, "spectra-wavelet-variance.png");
    }

    private static void Clustering(double[] portfolio, (string Name, IPathGenerator Set)[] sets, string folder)
    {
        Plot plot = Style.New(
            "Volatility clustering kept by three families",
            "lag in days",
            "autocorrelation of |return|"
        );
        double[] lags = [.. Enumerable.Range(1, Lags).Select(l => (double)l)];
        Style.Line(plot, lags, Autocorrelations([portfolio]), 0, "history");
        for (int i = 0; i < sets.Length; i++)
        {
            IPathGenerator set = sets[i].Set;
            double[] path = new double[Shape.HorizonDays * set.Drivers.Count];
            double[][] paths = new double[Shape.NumPaths][];
            for (int p = 0; p < paths.Length; p++)
            {
                set.Generate(p, path);
                paths[p] = [.. path.Chunk(set.Drivers.Count).Select(day => day.Average())];
            }

            Style.Line(plot, lags, Autocorrelations(paths), i + 1, sets[i].Name);
        }

        Style.Save(plot, folder, "diagnostics-clustering.png");
    }

    private static double[] Autocorrelations(double[][] paths)
    {
        double mean = paths.Average(p => p.Average(Math.Abs));
        double[] result = new double[Lags];
        for (int lag = 1; lag <= Lags; lag++)
        {
            double products = 0;
            double squares = 0;
            foreach (double[] p in paths)
            {
                for (int t = lag; t < p.Length; t++)
                {
                    double now = Math.Abs(p[t]) - mean;
                    double then = Math.Abs(p[t - lag]) - mean;
                    products += now * then;
                    squares += (now * now + then * then) / 2;
                }
            }

            result[lag - 1] = products / squares;
        }

        return result;
    }

    private static void CoverageBars(
        CalibrationSnapshot market,
        (string Name, IPathGenerator Set)[] sets,
        string folder
    )
    {
        string[] traits = ["FAT", "HIGH", "LOW", "TREND_DOMINATED", "CHOPPY", "OSCILLATORY", "OUTER", "EXTREME"];
        Plot plot = Style.New(
            "Where 60-day paths lie, and where history's windows lie",
            "",
            "share of paths or windows"
        );
        CoverageReport[] reports = [.. sets.Select(s => SetDiagnostics.Of(market, s.Set, Shape).Coverage!)];
        Bars(plot, traits, reports[0].History, 0, "history");
        for (int i = 0; i < sets.Length; i++)
            Bars(plot, traits, reports[i].Cells, i + 1, sets[i].Name);
        plot.Axes.Bottom.SetTicks(
            [.. Enumerable.Range(0, traits.Length).Select(t => t + 0.3)],
            [.. traits.Select(t => t.Replace('_', '\n'))]
        );
        plot.Axes.Margins(bottom: 0);
        Style.Save(plot, folder, "diagnostics-coverage.png");
    }

    private static void Bars(Plot plot, string[] traits, IReadOnlyList<CoverageCell> cells, int color, string label)
    {
        Bar[] heights =
        [
            .. traits.Select(
                (t, i) =>
                    new Bar
                    {
                        Position = i + 0.2 * color,
                        Size = 0.2,
                        FillColor = Style.Palette[color],
                        LineWidth = 0,
                        Value = cells
                            .Where(c => c.Tail == t || c.Dependence == t || c.Spectrum == t || c.Radius == t)
                            .Sum(c => c.Probability),
                    }
            ),
        ];
        var bars = plot.Add.Bars(heights);
        bars.LegendText = label;
    }
}
