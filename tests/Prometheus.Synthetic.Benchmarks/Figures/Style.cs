using ScottPlot;

namespace Prometheus.Synthetic.Benchmarks.Figures;

/// <summary>One look for all figures of the documentation.</summary>
internal static class Style
{
    /// <summary>Amber for history, blues for sets, one more for a contrast.</summary>
    public static Color[] Palette { get; } =
    [Color.FromHex("#B4540A"), Color.FromHex("#1A7FB8"), Color.FromHex("#6A9FB5"), Color.FromHex("#5B6673")];

    public static Plot New(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set("DejaVu Sans");
        plot.Title(title, 18);
        plot.XLabel(x);
        plot.YLabel(y);
        plot.Grid.MajorLineColor = Color.FromHex("#E3E8EE");
        return plot;
    }

    public static void Line(Plot plot, double[] x, double[] y, int color, string label, bool dashed = false)
    {
        var line = plot.Add.Scatter(x, y, Palette[color]);
        line.LineWidth = 2;
        line.MarkerSize = dashed ? 0 : 5;
        line.LinePattern = dashed ? LinePattern.Dashed : LinePattern.Solid;
        line.LegendText = label;
    }

    public static void Save(Plot plot, string folder, string name)
    {
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
        plot.SavePng(Path.Combine(folder, name), 900, 520);
    }
}
