using ScottPlot;
using ScottPlot.Plottables;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Quantile bands of the paths after the recent history they start from.</summary>
public static class FanChart
{
    /// <param name="history">Levels of the recent past, the last one being the start of the paths.</param>
    /// <param name="bands">Bands from the start on.</param>
    public static Plot Draw(
        string title,
        string subtitle,
        string unit,
        double[] history,
        FanBands bands,
        ChartTheme theme
    )
    {
        Plot plot = theme.NewPlot(title, subtitle, "Trading days from the as-of date", unit);
        double[] steps = [.. Enumerable.Range(0, bands.Q50.Length).Select(h => (double)h)];
        double[] past = [.. Enumerable.Range(0, history.Length).Select(t => (double)(t - history.Length + 1))];
        Band(plot, steps, bands.Q05, bands.Q95, theme.Set.WithAlpha(theme.OuterAlpha), "5 % to 95 % of paths");
        Band(plot, steps, bands.Q25, bands.Q75, theme.Set.WithAlpha(theme.InnerAlpha), "25 % to 75 % of paths");
        Line(plot, steps, bands.Q50, theme.SetStrong, "median path level");
        Line(plot, past, history, theme.History, "history");
        VerticalLine asOf = plot.Add.VerticalLine(0, 1, theme.Muted, LinePattern.Dashed);
        asOf.IsDraggable = false;
        plot.Axes.SetLimitsX(past[0], steps[^1]);
        ChartTheme.ShowLegendBelow(plot);
        return plot;
    }

    private static void Band(Plot plot, double[] x, double[] low, double[] high, Color color, string label)
    {
        FillY fill = plot.Add.FillY(x, low, high);
        fill.FillColor = color;
        fill.LineColor = Colors.Transparent;
        fill.MarkerShape = MarkerShape.None;
        fill.LegendText = label;
    }

    private static void Line(Plot plot, double[] x, double[] y, Color color, string label)
    {
        Scatter line = plot.Add.ScatterLine(x, y, color);
        line.LineWidth = 2.5f;
        line.LegendText = label;
    }
}
