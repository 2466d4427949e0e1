using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Analysis;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Writes an analysis for people, at most 100 columns.</summary>
public static class AnalysisPrinter
{
    private const int SeriesShown = 12;

    public static void Print(
        CliConsole console,
        PanelAnalysis a,
        FitAnalysis? fit,
        IReadOnlyList<string> notes,
        SuggestedSpec spec,
        JsonObject request
    )
    {
        Line(console, $"{a.Drivers} series, {a.Days} days {a.FirstDay:yyyy-MM-dd} to {a.LastDay:yyyy-MM-dd}");
        Line(
            console,
            $"coverage: {a.GapsBefore.Count} gaps, longest run {a.LongestRun} days{(a.GapsBefore.Count > 0 ? $", first gaps before {string.Join(", ", a.GapsBefore.Take(5).Select(d => d.ToString("yyyy-MM-dd")))}" : "")}"
        );
        if (a.ConstantDrivers.Count > 0)
            Line(console, $"constant: {string.Join(", ", a.ConstantDrivers.Take(10))}");
        Series(console, a);
        Lengths(console, a.BlockLength, a.FirstComponentShare);
        Regimes(console, a.Regimes);
        if (fit is not null)
            FitPrinter.Print(console, fit);
        foreach (string note in notes)
            console.WriteWrapped("note: ", note);
        Line(console, "suggested:");
        foreach (string reason in spec.Reasons)
            console.WriteWrapped("  ", reason);
        console.WriteLine(request.ToJsonString(CliConsole.JsonOptions));
        Line(console, "Save it as request.json and run: ./synthetic generate --request request.json");
    }

    private static void Series(CliConsole console, PanelAnalysis a)
    {
        Table table = Table(
            console,
            "Series",
            "dev/day",
            "skew",
            "ex.kurt",
            "ac r",
            "ac |r|",
            "LB p",
            "LB r2 p",
            "tail",
            "vol now"
        );
        foreach (SeriesStatistics s in a.Series.Take(SeriesShown))
            table.AddRow(
                Markup.Escape(s.Id),
                s.Unit == Scenarios.Panels.Driver.SimpleReturn ? $"{100 * s.Deviation:0.00} %" : $"{s.Deviation:0.00}",
                $"{s.Skewness:0.0}",
                $"{s.ExcessKurtosis:0.0}",
                $"{s.Autocorrelation[0]:0.00}",
                $"{s.AbsoluteAutocorrelation[0]:0.00}",
                $"{s.LjungBox.PValue:0.000}",
                $"{s.LjungBoxSquares.PValue:0.000}",
                s.LossTail is { } tail ? $"{tail.Index:0.0}" : "-",
                $"{s.VolatilityToday / s.Deviation:0.00}x"
            );
        MedianStatistics m = a.Median;
        if (a.Series.Count > 1)
            table.AddRow(
                $"median of {a.Drivers - a.ConstantDrivers.Count}",
                "",
                $"{m.Skewness:0.0}",
                $"{m.ExcessKurtosis:0.0}",
                $"{m.Autocorrelation1:0.00}",
                $"{m.AbsoluteAutocorrelation1:0.00}",
                "",
                "",
                $"{m.LossTailIndex:0.0}",
                $"{m.VolatilityTodayRatio:0.00}x"
            );
        console.Out.Write(table);
        if (a.Drivers > SeriesShown)
            Line(
                console,
                $"({SeriesShown} of {a.Drivers} shown; --json has {Math.Min(a.Drivers, PanelAnalysis.MostSeries)})"
            );
    }

    private static void Lengths(CliConsole console, PanelBlockLength lengths, double share)
    {
        Table table = Table(console, "Automatic block length", "stationary", "circular", "cap");
        Row("returns r (median)", lengths.Returns);
        Row("absolute returns |r| (median)", lengths.Absolute);
        Row($"first component ({100 * share:0} % of variance)", lengths.Component);
        console.Out.Write(table);

        void Row(string name, BlockLengthEstimate? e) =>
            table.AddRow(
                Markup.Escape(name),
                e is null ? "-" : $"{e.Stationary:0.0}",
                e is null ? "-" : $"{e.Circular:0.0}",
                e is null ? "-" : $"{e.Cap:0}"
            );
    }

    private static void Regimes(CliConsole console, IReadOnlyList<RegimeDays> regimes)
    {
        if (regimes.Count == 0)
            return;
        Table table = Table(console, "Regime", "days", "runs", "longest run");
        foreach (RegimeDays r in regimes)
            table.AddRow(Markup.Escape(r.Label ?? "(none)"), $"{r.Days}", $"{r.Runs}", $"{r.LongestRun}");
        console.Out.Write(table);
    }

    private static Table Table(CliConsole console, params string[] columns)
    {
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        foreach (string column in columns)
            table.AddColumn(column);
        return table;
    }

    private static void Line(CliConsole console, string text) => console.Out.Write(new Text(text + "\n"));
}
