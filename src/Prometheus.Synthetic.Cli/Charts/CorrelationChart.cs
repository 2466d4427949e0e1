using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Two correlation matrices side by side on one colour scale: the history before, the set after.</summary>
public static class CorrelationChart
{
    private const double Gap = 1.5;

    /// <param name="names">Names of rows and columns, top to bottom.</param>
    public static Plot Draw(
        string title,
        string subtitle,
        IReadOnlyList<string> names,
        double[,] history,
        double[,] set,
        ChartTheme theme
    )
    {
        int k = names.Count;
        Plot plot = theme.NewPlot(title, subtitle, string.Empty, string.Empty);
        Heatmap before = Map(plot, history, 0);
        Map(plot, set, k + Gap);
        ColorBar bar = plot.Add.ColorBar(before);
        bar.Label = "Correlation";
        bar.LabelStyle.ForeColor = theme.Text;
        bar.LabelStyle.FontSize = 15;
        bar.LabelStyle.Bold = false;
        bar.Axis.TickLabelStyle.ForeColor = theme.Text;
        bar.Axis.TickLabelStyle.FontSize = 14;
        foreach ((string text, double x) in new[] { ("history (before)", k / 2.0), ("set (after)", k + Gap + k / 2.0) })
        {
            Text label = plot.Add.Text(text, x, k + 0.15);
            label.LabelFontColor = theme.Text;
            label.LabelFontSize = 16;
            label.LabelAlignment = Alignment.LowerCenter;
            label.LabelFontName = ChartTheme.SansSerif;
        }

        plot.HideGrid();
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((name, i) => new Tick(k - i - 0.5, name))]);
        plot.Axes.Bottom.TickGenerator = new NumericManual([
            .. names.Select((name, i) => new Tick(i + 0.5, name)),
            .. names.Select((name, i) => new Tick(i + k + Gap + 0.5, name)),
        ]);
        float size = k > 24 ? 10 : 13;
        plot.Axes.Left.TickLabelStyle.FontSize = size;
        plot.Axes.Bottom.TickLabelStyle.FontSize = size;
        plot.Axes.Bottom.TickLabelStyle.Rotation = 90;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        int longest = names.Max(n => n.Length);
        plot.Axes.Bottom.MinimumSize = longest * size * 0.68f + 20;
        plot.Axes.Left.MinimumSize = longest * size * 0.68f + 20;
        plot.Axes.SetLimits(0, 2 * k + Gap, 0, k + Math.Max(0.8, k * 0.07));
        plot.Legend.IsVisible = false;
        ChartTheme.UseSansSerif(plot);
        bar.LabelStyle.FontName = bar.Axis.TickLabelStyle.FontName = plot.Axes.Left.TickLabelStyle.FontName;
        return plot;
    }

    private static Heatmap Map(Plot plot, double[,] values, double left)
    {
        int k = values.GetLength(0);
        Heatmap map = plot.Add.Heatmap(values);
        // Position names the centres of the corner cells.
        map.Position = new CoordinateRect(left + 0.5, left + k - 0.5, 0.5, k - 0.5);
        map.Colormap = new ScottPlot.Colormaps.Balance();
        map.ManualRange = new ScottPlot.Range(-1, 1);
        map.NaNCellColor = Colors.Gray;
        return map;
    }
}
