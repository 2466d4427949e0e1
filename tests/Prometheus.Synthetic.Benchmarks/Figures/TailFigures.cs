using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Vines;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;
using ScottPlot;

namespace Prometheus.Synthetic.Benchmarks.Figures;

/// <summary>The figures of tails and dependence: fitted margins beyond the sample, joint falls under three copulas.</summary>
internal static class TailFigures
{
    private const int Draws = 400_000;

    public static void Draw(CalibrationSnapshot market, string folder)
    {
        Margins(market.Panel, "ETF:XLF", folder);
        JointFalls(market.Panel, folder);
    }

    /// <summary>P(loss &gt; x) on two logarithmic axes: a power tail is a straight line there.</summary>
    private static void Margins(ShockPanel panel, string id, string folder)
    {
        double[] returns = panel.Column(panel.IndexOf(DriverKind.Instrument, id));
        double[] losses = [.. returns.Select(r => -r).Where(x => x > 0.01).OrderDescending()];
        Plot plot = Style.New(
            $"Daily losses of {id}, {panel.Dates[0]:yyyy} to {panel.Dates[^1]:yyyy}, and three margins fitted to them",
            "loss, log10",
            "log10 of the probability of a larger one"
        );
        Style.Line(
            plot,
            [.. losses.Select(Math.Log10)],
            [.. losses.Select((_, i) => Math.Log10((i + 0.5) / returns.Length))],
            0,
            "history"
        );
        double[] at = [.. Enumerable.Range(0, 60).Select(i => -2.0 + i * 1.6 / 59)];
        (string, MarginKind)[] kinds =
        [
            ("generalized Pareto tail", MarginKind.Gpd),
            ("Student-t", MarginKind.StudentT),
            ("normal", MarginKind.Normal),
        ];
        for (int i = 0; i < kinds.Length; i++)
        {
            (string name, MarginKind kind) = kinds[i];
            IMargin margin = new MarginSpec(kind, 0.05, "figure").Fit(returns, [id])[0];
            double[] probability = [.. at.Select(x => Math.Log10(margin.Cdf(-Math.Pow(10, x))))];
            int shown = probability.TakeWhile(p => p > -7).Count();
            Style.Line(plot, at[..shown], probability[..shown], i + 1, name, dashed: true);
        }

        Style.Save(plot, folder, "tails-margins.png");
    }

    /// <summary>Given that one sector has one of its worst days, how often has another, mean over the pairs.</summary>
    private static void JointFalls(ShockPanel panel, string folder)
    {
        int width = panel.Width;
        double[] rows = [.. Enumerable.Range(0, panel.Days).SelectMany(t => panel.Day(t).ToArray())];
        double[][] ranks = Ranks.OfColumns(rows, width).Columns;
        string[] ids = [.. panel.Drivers.Select(d => d.Id)];
        double[] levels = [0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.007, 0.005];
        Plot plot = Style.New(
            "Joint falls of nine US sectors, in history and under three copulas",
            "q, log10",
            "P(U ≤ q | V ≤ q), mean over the pairs"
        );
        (string, double[][])[] samples =
        [
            ("history", ranks),
            ("t copula", Sample(EllipticalFit.Of(ranks, ids, student: true, null, "figure").Copula)),
            ("regular vine", Sample(VineFit.Of(ranks, ids, VineOptions.Default, "figure"))),
            ("Gaussian copula", Sample(EllipticalFit.Of(ranks, ids, student: false, null, "figure").Copula)),
        ];
        for (int i = 0; i < samples.Length; i++)
            Style.Line(
                plot,
                [.. levels.Select(Math.Log10)],
                [.. levels.Select(q => TailDependence.Of(samples[i].Item2, q).Mean().Lower)],
                i,
                samples[i].Item1,
                dashed: i > 0
            );
        plot.Axes.SetLimitsY(0, 0.7);
        Style.Save(plot, folder, "dependence-joint-falls.png");
    }

    private static double[][] Sample(ICopula copula)
    {
        double[] rows = new double[Draws * copula.Width];
        copula.Fill(new PhiloxStream(2026), 0, 0, 1, rows);
        return
        [
            .. Enumerable
                .Range(0, copula.Width)
                .Select(i => Enumerable.Range(0, Draws).Select(r => rows[r * copula.Width + i]).ToArray()),
        ];
    }
}
