using ScottPlot;
using ScottPlot.Plottables;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Returns per step of the set over those of the history it was made from.</summary>
public static class HistogramChart
{
    public static Plot Draw(string title, string subtitle, string unit, ReturnHistogram histogram, ChartTheme theme)
    {
        Plot plot = theme.NewPlot(title, subtitle, unit, "Density");
        (double[] x, double[] set) = Outline(histogram.Edges, histogram.Set);
        (_, double[] history) = Outline(histogram.Edges, histogram.History);
        FillY fill = plot.Add.FillY(x, new double[x.Length], set);
        fill.FillColor = theme.Set.WithAlpha(theme.InnerAlpha);
        fill.LineColor = Colors.Transparent;
        fill.LegendText = "set";
        Scatter line = plot.Add.ScatterLine(x, history, theme.History);
        line.LineWidth = 2.5f;
        line.LegendText = "history";
        double top = Math.Max(histogram.Set.Max(), histogram.History.Max());
        plot.Axes.SetLimits(x[0], x[^1], 0, top * 1.08);
        ChartTheme.ShowLegendBelow(plot);
        return plot;
    }

    /// <summary>The steps of the bins' tops.</summary>
    private static (double[] X, double[] Y) Outline(double[] edges, double[] density)
    {
        double[] x = new double[2 * density.Length];
        double[] y = new double[2 * density.Length];
        for (int b = 0; b < density.Length; b++)
        {
            (x[2 * b], x[2 * b + 1]) = (edges[b], edges[b + 1]);
            y[2 * b] = y[2 * b + 1] = density[b];
        }

        return (x, y);
    }
}
