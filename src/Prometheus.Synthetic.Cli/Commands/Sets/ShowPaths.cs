using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Cli.Charts;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets paths</c>: cells of a set as <c>scenario_paths</c> shows them.</summary>
internal static class ShowPaths
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 100_000;

    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        var path = new Option<int?>("--path")
        {
            Description = "One path by its scenario_id; without it from path 0 on.",
        };
        var drivers = new Option<string[]>("--driver")
        {
            Description = "Instrument, factor or macro series; repeat for several; without it all.",
            AllowMultipleArgumentsPerToken = true,
        };
        var limit = new Option<int>("--limit")
        {
            Description = $"Cells at most, 1 to {MaxLimit}.",
            DefaultValueFactory = _ => DefaultLimit,
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("paths", "Show cells of a set: return, price and what is known of each shock.")
        {
            set,
            path,
            drivers,
            limit,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    parsed.GetValue(set)!,
                    parsed.GetValue(path),
                    parsed.GetValue(drivers) ?? [],
                    parsed.GetValue(limit),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic sets paths US_EQ_BASELINE_BOOTSTRAP_30D --path 17 --driver EQUITY:UFIN01",
            "./synthetic sets paths US_EQ_BASELINE_BOOTSTRAP_30D:1 --limit 1000 --json"
        );
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string text,
        int? path,
        string[] ids,
        int limit,
        bool json,
        CancellationToken ct
    )
    {
        if (limit is < 1 or > MaxLimit)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "--limit",
                $"{limit} was given; 1 to {MaxLimit} are allowed"
            );
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        SetSeries.RequirePaths(set);
        if (path < 0 || path >= set.NumPaths)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "--path",
                $"{path} was given; {set.Name} has the paths 0 to {set.NumPaths - 1}"
            );
        IReadOnlyList<Driver> all = await engine.Get<ScenarioSetStore>().DriversAsync(set.Id, ct);
        SetDriver[] known = [.. all.Select((d, i) => new SetDriver(i, d))];
        IReadOnlyList<SetDriver> chosen = ids.Length == 0 ? known : SetSeries.Select(known, ids);
        IReadOnlyList<PathCell> cells = await engine
            .Get<PathReader>()
            .CellsAsync(
                set.Id,
                path,
                [.. chosen.Distinct().Select(d => (d.Position, d.Driver))],
                set.HorizonDays + 1,
                limit,
                ct
            );
        long matching = (path is null ? set.NumPaths : 1L) * chosen.Distinct().Count() * (set.HorizonDays + 1);
        if (json)
            cli.Console.WriteJson(
                new
                {
                    ScenarioSetId = set.Id,
                    set.Name,
                    set.Version,
                    set.DefensiveTest,
                    Total = matching,
                    Cells = cells.Select(Row),
                }
            );
        else
            Print(set, cells, matching, cli.Console);
        return ExitCodes.Ok;
    }

    private static object Row(PathCell c) =>
        new
        {
            c.ScenarioId,
            c.HorizonIndex,
            InstrumentId = c.Kind == DriverKind.Instrument ? c.Driver : null,
            FactorId = c.Kind == DriverKind.Factor ? c.Driver : null,
            MacroId = c.Kind == DriverKind.Macro ? c.Driver : null,
            c.Return,
            c.Price,
            ShockMetadata = JsonSerializer.Deserialize<JsonElement>(c.ShockMetadata),
        };

    private static void Print(ScenarioSetDocument set, IReadOnlyList<PathCell> cells, long matching, CliConsole console)
    {
        console.WriteLine($"{set.Name} version {set.Version}{(set.DefensiveTest ? ", a defensive test" : "")}");
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumn(new TableColumn("Path").RightAligned());
        table.AddColumn(new TableColumn("Step").RightAligned());
        table.AddColumn("Driver");
        table.AddColumn(new TableColumn("Return").RightAligned());
        table.AddColumn(new TableColumn("Price").RightAligned());
        table.AddColumn("Shock");
        foreach (PathCell c in cells)
        {
            table.AddRow(
                c.ScenarioId.ToString(CultureInfo.InvariantCulture),
                c.HorizonIndex.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(c.Driver),
                c.Return.ToString("+0.000000;-0.000000;0", CultureInfo.InvariantCulture),
                c.Price?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-",
                c.ShockMetadata == "{}" ? "" : Markup.Escape(c.ShockMetadata)
            );
        }

        console.Out.Write(table);
        console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{cells.Count:N0} of {matching:N0} cells; --limit shows more")
        );
    }
}
