using ScottPlot;
using SkiaSharp;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Colours of a chart. Blue is information, amber a warning, as everywhere on the platform.</summary>
public sealed record ChartTheme(
    Color Background,
    Color Text,
    Color Muted,
    Color Grid,
    Color Set,
    Color SetStrong,
    Color History,
    byte OuterAlpha,
    byte InnerAlpha
)
{
    public static ChartTheme Dark { get; } =
        new(
            Color.FromHex("#0F1419"),
            Color.FromHex("#E6EDF3"),
            Color.FromHex("#9DA7B3"),
            Color.FromHex("#2A323C"),
            Color.FromHex("#22B8E6"),
            Color.FromHex("#7FE3FF"),
            Color.FromHex("#FFB454"),
            60,
            110
        );

    public static ChartTheme Light { get; } =
        new(
            Color.FromHex("#FFFFFF"),
            Color.FromHex("#1B2430"),
            Color.FromHex("#5B6673"),
            Color.FromHex("#E3E8EE"),
            Color.FromHex("#1A7FB8"),
            Color.FromHex("#0B4F78"),
            Color.FromHex("#B4540A"),
            55,
            105
        );

    /// <summary>The first sans-serif family that is installed; the library's own choice where none of them is.</summary>
    public static string SansSerif { get; } =
        new[] { "DejaVu Sans", "Liberation Sans", "Noto Sans", "Segoe UI", "Helvetica", "Arial" }.FirstOrDefault(
            SKFontManager.Default.GetFontFamilies().Contains
        ) ?? Fonts.Default;

    public static void UseSansSerif(Plot plot) => plot.Font.Set(SansSerif);

    /// <summary>Below the axes, where no line can run behind it.</summary>
    public static void ShowLegendBelow(Plot plot)
    {
        UseSansSerif(plot);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>A plot in these colours with its title, a line below it in smaller type, and axis labels.</summary>
    public Plot NewPlot(string title, string subtitle, string x, string y)
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Background;
        plot.DataBackground.Color = Background;
        plot.Axes.Color(Muted);
        plot.Grid.MajorLineColor = Grid;
        plot.Axes.Title.Label.Text = title + "\n" + subtitle;
        plot.Axes.Title.Label.FontSize = 19;
        plot.Axes.Title.Label.ForeColor = Text;
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Bottom.Label.Text = x;
        plot.Axes.Left.Label.Text = y;
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.FontSize = 16;
            axis.Label.ForeColor = Text;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 14;
            axis.TickLabelStyle.ForeColor = Text;
        }

        plot.Legend.BackgroundColor = Background;
        plot.Legend.FontColor = Text;
        plot.Legend.FontName = SansSerif;
        plot.Legend.FontSize = 14;
        plot.Legend.OutlineColor = Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        return plot;
    }
}
