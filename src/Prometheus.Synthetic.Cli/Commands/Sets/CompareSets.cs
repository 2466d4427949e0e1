using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Storage.Documents;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets compare</c>: two sets side by side, with a verdict per figure.</summary>
internal static class CompareSets
{
    public static Command Create(CliContext cli)
    {
        Argument<string> first = Argument("first");
        Argument<string> second = Argument("second");
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "compare",
            "Compare two sets on their common drivers: moments, tails, dependence, clustering, spectra, coverage."
        )
        {
            first,
            second,
            json,
        };
        command.SetAction(
            (parsed, ct) => RunAsync(cli, parsed.GetValue(first)!, parsed.GetValue(second)!, parsed.GetValue(json), ct)
        );
        return command.WithExamples(
            "./synthetic sets compare US_EQ_BASELINE_BOOTSTRAP_30D:1 US_EQ_BASELINE_BOOTSTRAP_30D:2",
            "./synthetic sets compare US_EQ_BASELINE_BOOTSTRAP_30D US_EQ_FACTOR_BOOTSTRAP_30D --json"
        );
    }

    private static Argument<string> Argument(string name) =>
        new(name) { Description = "Id, beginning of an id, lineage name or name:version." };

    private static async Task<int> RunAsync(
        CliContext cli,
        string firstText,
        string secondText,
        bool json,
        CancellationToken ct
    )
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument first = await SetsCommand.FindAsync(engine, firstText, ct);
        ScenarioSetDocument second = await SetsCommand.FindAsync(engine, secondText, ct);
        SetComparison comparison = await engine.Get<SetComparer>().CompareAsync(first, second, ct);
        SetDiagnosisReader diagnoses = engine.Get<SetDiagnosisReader>();
        CoverageReport? one = (await diagnoses.ReadAsync(first, ct)).Report?.Coverage;
        CoverageReport? two = (await diagnoses.ReadAsync(second, ct)).Report?.Coverage;
        CoverageOverlap? overlap = one is null || two is null ? null : CoverageOverlap.Of(one, two);
        if (json)
            cli.Console.WriteJson(
                System.Text.Json.JsonSerializer.SerializeToNode(
                    new
                    {
                        First = Name(first),
                        Second = Name(second),
                        Comparison = comparison,
                        Coverage = overlap,
                    },
                    SetSealer.ReportJson
                )
            );
        else
            Print(first, second, comparison, overlap, cli.Console);
        return ExitCodes.Ok;
    }

    private static object Name(ScenarioSetDocument set) =>
        new
        {
            ScenarioSetId = set.Id,
            set.Name,
            set.Version,
            set.Category,
            set.DefensiveTest,
        };

    private static void Print(
        ScenarioSetDocument first,
        ScenarioSetDocument second,
        SetComparison comparison,
        CoverageOverlap? overlap,
        CliConsole console
    )
    {
        foreach (
            (string label, ScenarioSetDocument s) in (ReadOnlySpan<(string, ScenarioSetDocument)>)
                [("first", first), ("second", second)]
        )
            console.WriteLine(
                $"{label, -7} {s.Name} version {s.Version}, {s.Category}{(s.DefensiveTest ? " (defensive test)" : "")}, {s.NumPaths} paths × {s.HorizonDays} steps"
            );
        DiagnosticsPrinter.WriteWrapped(
            console,
            $"{comparison.CommonDrivers} common drivers, {comparison.DriversSampled} looked at; {comparison.OnlyInFirst} only in the first, {comparison.OnlyInSecond} only in the second; {comparison.FirstPathsSampled} and {comparison.SecondPathsSampled} sampled paths; {comparison.Differences} figures differ."
        );
        Table table = DiagnosticsPrinter.NewTable(
            console,
            ("Figure", false),
            ("Verdict", false),
            ("Furthest apart", false),
            ("First", true),
            ("Second", true),
            ("Std errors", true),
            ("Allowed", true)
        );
        foreach (ComparisonCheck c in comparison.Checks)
            table.AddRow(
                c.Name,
                c.Verdict switch
                {
                    ComparisonVerdict.Alike => "[green]ALIKE[/]",
                    ComparisonVerdict.Different => "[yellow]DIFFERENT[/]",
                    _ => "-",
                },
                Markup.Escape(c.Subject ?? c.Explanation),
                Figures.Of(c.First),
                Figures.Of(c.Second),
                Figures.Distance(c.StandardErrors),
                c.Verdict == ComparisonVerdict.NotApplicable ? "-" : Figures.Distance(c.Threshold)
            );
        console.Out.Write(table);
        DiagnosticsPrinter.WriteWrapped(
            console,
            overlap is null
                ? "Coverage is not compared: at least one of the sets has no coverage report."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Coverage: {overlap.Both} regions in both, {overlap.OnlyFirst.Count} only in the first, {overlap.OnlySecond.Count} only in the second; {Figures.Percent(overlap.CommonProbability)} of probability in common."
                )
        );
        foreach (string note in comparison.Notes)
            DiagnosticsPrinter.WriteWrapped(console, $"Note: {note}.");
    }
}
