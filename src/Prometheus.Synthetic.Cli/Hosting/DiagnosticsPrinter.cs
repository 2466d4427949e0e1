using System.Globalization;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>A set's diagnostics for a person: checks, memorisation, coverage, gaps.</summary>
public static class DiagnosticsPrinter
{
    private const int RegionsShown = 8;

    public static void Print(SetDiagnosis diagnosis, CliConsole console)
    {
        console.WriteLine(string.Empty);
        if (diagnosis.Report is not { } report)
        {
            WriteWrapped(console, $"Diagnostics not computed: {diagnosis.NotComputed}");
            return;
        }

        WriteWrapped(
            console,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Diagnostics of {report.PathsSampled} sampled paths ({report.EffectivePaths:0.#} effective) and {report.DriversSampled} drivers, {report.Warnings} warnings; {diagnosis.Seconds:0.00} s, engine {diagnosis.EngineVersion}"
            )
        );
        Checks(report.Fidelity, console);
        if (report.Severity.Count > 0)
            Severity(report.Severity, console);
        if (report.Memorisation is { } m)
            WriteWrapped(
                console,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Memorisation: {100 * m.ReplayedShare:0.#} % of paths replay history; longest replay {m.LongestReplay} days, {m.MeanReplay:0.0} on average; median distance to the nearest window {Figures.Of(m.NearestWindow)} standard deviations (0 is a copy, 1.41 two independent windows)."
                )
            );
        if (report.Coverage is { } coverage)
            Coverage(coverage, console);
        foreach (string note in report.Notes)
            WriteWrapped(console, $"Note: {note}.");
    }

    internal static void WriteWrapped(CliConsole console, string text)
    {
        const int width = CliConsole.PlainWidth;
        while (text.Length > width)
        {
            int space = text.LastIndexOf(' ', width);
            int cut = space > 0 ? space : width;
            console.WriteLine(text[..cut]);
            text = "  " + text[cut..].TrimStart();
        }

        console.WriteLine(text);
    }

    internal static Table NewTable(CliConsole console, params ReadOnlySpan<(string Title, bool Right)> columns)
    {
        Table table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        foreach ((string title, bool right) in columns)
        {
            var column = new TableColumn(title);
            table.AddColumn(right ? column.RightAligned().NoWrap() : column);
        }

        return table;
    }

    private static void Checks(IReadOnlyList<FidelityCheck> checks, CliConsole console)
    {
        Table table = NewTable(
            console,
            ("Check", false),
            ("Verdict", false),
            ("Furthest off", false),
            ("Set", true),
            ("History", true),
            ("Std errors", true),
            ("Allowed", true)
        );
        foreach (FidelityCheck c in checks)
        {
            table.AddRow(
                Markup.Escape(c.Name),
                c.Verdict switch
                {
                    Verdict.Pass => "[green]PASS[/]",
                    Verdict.Warn => "[yellow]WARN[/]",
                    _ => "-",
                },
                Markup.Escape(c.Subject ?? c.Explanation),
                Figures.Of(c.Set),
                Figures.Of(c.History),
                Figures.Distance(c.StandardErrors),
                c.Verdict == Verdict.NotApplicable ? "-" : Figures.Distance(c.Threshold)
            );
        }

        console.Out.Write(table);
    }

    private static void Severity(IReadOnlyList<SeverityFinding> findings, CliConsole console)
    {
        Table table = NewTable(
            console,
            ("Severity of", false),
            ("Verdict", false),
            ("By", false),
            ("Expected", true),
            ("Set", true),
            ("Lowest", true),
            ("Highest", true)
        );
        foreach (SeverityFinding f in findings)
        {
            table.AddRow(
                Markup.Escape($"{f.Subject}, {f.Tail} tail"),
                f.Verdict switch
                {
                    SeverityVerdict.Pass => "[green]PASS[/]",
                    SeverityVerdict.Undecided => "UNDECIDED",
                    SeverityVerdict.Lighter => "[yellow]LIGHTER[/]",
                    _ => "[yellow]HEAVIER[/]",
                },
                Markup.Escape(f.Source is null ? f.Kind : $"{f.Kind} ({f.Source})"),
                Figures.Of(f.Expected),
                Figures.Of(f.Observed),
                Figures.Of(f.Lowest),
                Figures.Of(f.Highest)
            );
        }

        console.Out.Write(table);
        foreach (SeverityFinding f in findings.Where(f => f.Verdict == SeverityVerdict.Undecided))
            WriteWrapped(console, $"Note: the {f.Kind} check of {f.Subject} is undecided: {f.Explanation}.");
    }

    private static void Coverage(CoverageReport coverage, CliConsole console)
    {
        WriteWrapped(
            console,
            $"Coverage: {coverage.Cells.Count} of {coverage.Regions} regions; {coverage.RegionsOfHistoryReached} of the {coverage.RegionsOfHistory} that history was in."
        );
        Table regions = NewTable(
            console,
            ("Tail", false),
            ("Dependence", false),
            ("Spectrum", false),
            ("Radius", false),
            ("Regime", false),
            ("Paths", true),
            ("Probability", true)
        );
        foreach (CoverageCell c in coverage.Cells.Take(RegionsShown))
            regions.AddRow(
                c.Tail,
                c.Dependence,
                c.Spectrum,
                c.Radius,
                Markup.Escape(c.Regime),
                c.Paths.ToString(CultureInfo.InvariantCulture),
                Figures.Percent(c.Probability)
            );
        console.Out.Write(regions);
        if (coverage.Cells.Count > RegionsShown)
            console.WriteLine($"{coverage.Cells.Count - RegionsShown} more regions; --json shows all.");
        if (coverage.Gaps.Count > 0)
            Traits(coverage, console);
        if (coverage.RegionGaps.Count > 0)
            Regions(coverage, console);
    }

    private static void Traits(CoverageReport coverage, CliConsole console)
    {
        Table gaps = NewTable(console, ("Not covered", false), ("In history", true), ("Filled by", false));
        foreach (CoverageGap g in coverage.Gaps)
            gaps.AddRow(
                Markup.Escape($"{g.Dimension} {g.Trait}"),
                Figures.Percent(g.HistoryShare),
                Markup.Escape(g.FilledBy)
            );
        console.Out.Write(gaps);
    }

    private static void Regions(CoverageReport coverage, CliConsole console)
    {
        Table regions = NewTable(
            console,
            ("Region of history that no path is in", false),
            ("In history", true),
            ("Filled by", false)
        );
        foreach (RegionGap g in coverage.RegionGaps.Take(RegionsShown))
            regions.AddRow(
                Markup.Escape($"{g.Tail} {g.Dependence} {g.Spectrum} {g.Radius} {g.Regime}"),
                Figures.Percent(g.HistoryShare),
                Markup.Escape(g.FilledBy)
            );
        console.Out.Write(regions);
        if (coverage.RegionGaps.Count > RegionsShown)
            console.WriteLine($"{coverage.RegionGaps.Count - RegionsShown} more regions; --json shows all.");
    }
}
