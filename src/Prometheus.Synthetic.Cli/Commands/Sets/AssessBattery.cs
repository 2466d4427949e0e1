using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Diagnostics;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets battery</c>: do these sets together cover what a gate needs?</summary>
internal static class AssessBattery
{
    private const int MaxSets = 200;
    private const int GapsShown = 8;

    public static Command Create(CliContext cli)
    {
        var sets = new Argument<string[]>("sets")
        {
            Description = "Sets by id, beginning of an id, lineage name or name:version; without them by the filters.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var category = new Option<string?>("--category") { Description = "Current sets of this category." };
        var market = new Option<string?>("--market") { Description = "Current sets that cover this market." };
        var tags = new Option<string[]>("--tag")
        {
            Description = "Current sets with this tag; repeat for all of several.",
        };
        var needs = new Option<string?>("--needs")
        {
            Description =
                "YAML file: categories, traits (tail, dependence, spectrum, radius), regimes, history_share, min_paths; without it every trait of history and 0.9 of its windows.",
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "battery",
            "Judge whether sets together cover what a gate needs. Exit code 0: covered, 4: not covered."
        )
        {
            sets,
            category,
            market,
            tags,
            needs,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    parsed.GetValue(sets) ?? [],
                    new SetFilter(parsed.GetValue(category), parsed.GetValue(tags), parsed.GetValue(market)),
                    parsed.GetValue(needs),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic sets battery --market US_EQ --needs gate.yaml",
            "./synthetic sets battery US_EQ_BASELINE_BOOTSTRAP_30D US_EQ_GFC_2008 --json"
        );
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string[] texts,
        SetFilter filter,
        string? needsFile,
        bool json,
        CancellationToken ct
    )
    {
        bool filtered = filter.Category is not null || filter.Market is not null || filter.Tags is { Count: > 0 };
        if (texts.Length > 0 == filtered)
            throw new ScenarioRefusedException(
                texts.Length > 0 ? ErrorCodes.Conflict : ErrorCodes.Missing,
                "sets",
                texts.Length > 0
                    ? "sets are named and filters are given; keep one of the two"
                    : "name the sets, or give --market, --category or --tag"
            );
        if (SetsCommand.UnknownCategory(filter.Category) is { } unknown)
            throw new ScenarioRefusedException([unknown]);
        BatteryNeeds needs = needsFile is null ? BatteryNeeds.Default : NeedsFile.Read(needsFile);
        await using EngineScope engine = EngineScope.Open(cli);
        IReadOnlyList<ScenarioSetDocument> sets = filtered
            ? await CurrentAsync(engine, filter, ct)
            : await NamedAsync(engine, texts, ct);
        BatteryReport report = await engine.Get<BatteryAssessor>().AssessAsync(sets, needs, ct);
        if (json)
            cli.Console.WriteJson(
                JsonSerializer.SerializeToNode(
                    new
                    {
                        Sets = sets.Select(s => new
                        {
                            ScenarioSetId = s.Id,
                            s.Name,
                            s.Version,
                            s.Category,
                            s.DefensiveTest,
                        }),
                        Report = report,
                    },
                    SetSealer.ReportJson
                )
            );
        else
            Print(sets, report, cli.Console);
        return report.Covered ? ExitCodes.Ok : ExitCodes.NotCovered;
    }

    private static async Task<IReadOnlyList<ScenarioSetDocument>> NamedAsync(
        EngineScope engine,
        string[] texts,
        CancellationToken ct
    )
    {
        var sets = new List<ScenarioSetDocument>();
        foreach (string text in texts)
            sets.Add(await SetsCommand.FindAsync(engine, text, ct));
        return sets;
    }

    /// <summary>The newest version of each lineage that matches: a gate judges by what is current.</summary>
    private static async Task<IReadOnlyList<ScenarioSetDocument>> CurrentAsync(
        EngineScope engine,
        SetFilter filter,
        CancellationToken ct
    )
    {
        SetPage page = await engine.Get<SetListing>().ReadAsync(filter, MaxSets + 1, 0, ct);
        ScenarioSetDocument[] current =
        [
            .. page.Sets.GroupBy(s => s.Name, StringComparer.Ordinal).Select(g => g.MaxBy(s => s.Version)!),
        ];
        return page.Total <= MaxSets
            ? current
            : throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "sets",
                $"{page.Total} sets match; at most {MaxSets} make a battery; narrow the filters or name the sets"
            );
    }

    private static void Print(IReadOnlyList<ScenarioSetDocument> sets, BatteryReport report, CliConsole console)
    {
        foreach (ScenarioSetDocument s in sets)
            console.WriteLine(
                $"{s.Id.ToString()[..8]} {s.Name} version {s.Version}, {s.Category}{(s.DefensiveTest ? " (defensive test)" : "")}"
            );
        Table traits = DiagnosticsPrinter.NewTable(
            console,
            ("Trait", false),
            ("Needed", false),
            ("In history", true),
            ("Paths", true),
            ("Sets", true)
        );
        foreach (BatteryTrait t in report.Traits)
            traits.AddRow(
                Markup.Escape($"{t.Dimension} {t.Trait}"),
                t.Needed ? "yes" : "",
                Figures.Percent(t.HistoryShare),
                t.Reached ? t.SampledPaths.ToString(CultureInfo.InvariantCulture)
                    : t.Needed ? "[yellow]0[/]"
                    : "0",
                t.Sets.Count.ToString(CultureInfo.InvariantCulture)
            );
        console.Out.Write(traits);
        if (report.Gaps.Count > 0)
            PrintGaps(report, console);
        console.WriteLine(
            $"{Figures.Percent(report.HistoryShareReached)} of history's windows lie in regions that the sets reach; {Figures.Percent(report.HistoryShareNeeded)} are needed."
        );
        foreach (BatteryLack lack in report.Lacks)
            DiagnosticsPrinter.WriteWrapped(
                console,
                $"Lacking: {lack.Need}; found: {lack.Found}{(lack.FilledBy is { } by ? $"; filled by {by}" : "")}."
            );
        foreach (string note in report.Notes)
            DiagnosticsPrinter.WriteWrapped(console, $"Note: {note}.");
        console.WriteLine(
            report.Covered ? $"COVERED: {report.Needs}" : $"NOT COVERED: {report.Needs}, {report.Lacks.Count} lacking"
        );
    }

    private static void PrintGaps(BatteryReport report, CliConsole console)
    {
        Table gaps = DiagnosticsPrinter.NewTable(
            console,
            ("Region of history that no set reaches", false),
            ("In history", true),
            ("Filled by", false)
        );
        foreach (BatteryGap g in report.Gaps.Take(GapsShown))
            gaps.AddRow(
                Markup.Escape(
                    $"{g.Region.Tail} {g.Region.Dependence} {g.Region.Spectrum} {g.Region.Radius} {g.Region.Regime}"
                ),
                Figures.Percent(g.Region.Probability),
                Markup.Escape(g.FilledBy)
            );
        console.Out.Write(gaps);
        if (report.Gaps.Count > GapsShown)
            console.WriteLine($"{report.Gaps.Count - GapsShown} more regions; --json shows all.");
    }
}
