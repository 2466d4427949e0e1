using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets list</c>: sets by filter, newest first, a page at a time.</summary>
internal static class ListSets
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;

    public static Command Create(CliContext cli)
    {
        var category = new Option<string?>("--category") { Description = "Sets of this category, e.g. BOOTSTRAP." };
        var tags = new Option<string[]>("--tag")
        {
            Description = "Sets with this tag; repeat for sets that have all of several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var market = new Option<string?>("--market") { Description = "Sets that cover this market, e.g. US_EQ." };
        var lineage = new Option<string?>("--lineage")
        {
            Description = "Versions of this lineage; a * at the end matches every name that begins so.",
        };
        var status = new Option<ScenarioSetStatus?>("--status")
        {
            Description =
                "generating, sealed, evicted, deleted, failed or cancelled; without it sealed and evicted sets.",
            HelpName = "status",
        };
        var limit = new Option<int>("--limit")
        {
            Description = $"Sets at most, 1 to {MaxLimit}.",
            DefaultValueFactory = _ => DefaultLimit,
        };
        var offset = new Option<int>("--offset") { Description = "Sets to pass over, for the next page." };
        Option<bool> json = CliOptions.Json();
        var command = new Command("list", "List scenario sets, newest first.")
        {
            category,
            tags,
            market,
            lineage,
            status,
            limit,
            offset,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    new SetFilter(
                        parsed.GetValue(category),
                        parsed.GetValue(tags),
                        parsed.GetValue(market),
                        parsed.GetValue(lineage),
                        parsed.GetValue(status)
                    ),
                    parsed.GetValue(limit),
                    parsed.GetValue(offset),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic sets list --market US_EQ --category BOOTSTRAP",
            "./synthetic sets list --tag BASELINE --limit 10 --offset 10 --json"
        );
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        SetFilter filter,
        int limit,
        int offset,
        bool json,
        CancellationToken ct
    )
    {
        var errors = new List<FieldError>();
        if (limit is < 1 or > MaxLimit)
            errors.Add(new(ErrorCodes.OutOfRange, "--limit", $"{limit} was given; 1 to {MaxLimit} are allowed"));
        if (offset < 0)
            errors.Add(new(ErrorCodes.OutOfRange, "--offset", $"{offset} was given; 0 or more is allowed"));
        if (SetsCommand.UnknownCategory(filter.Category) is { } unknown)
            errors.Add(unknown);
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        await using EngineScope engine = EngineScope.Open(cli);
        // A misspelt category would look like one without sets.
        if (filter.Category is { } category)
            engine.Get<ScenarioFamilies>().For(category);
        SetPage page = await engine.Get<SetListing>().ReadAsync(filter, limit, offset, ct);
        if (json)
            cli.Console.WriteJson(page);
        else
            Print(page, cli.Console);
        return ExitCodes.Ok;
    }

    private static void Print(SetPage page, CliConsole console)
    {
        if (page.Total == 0)
        {
            console.WriteLine("No set matches.");
            return;
        }

        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumn(new TableColumn("Id").NoWrap());
        table.AddColumn("Name");
        table.AddColumn(new TableColumn("Ver").RightAligned());
        table.AddColumn("Status");
        table.AddColumn(new TableColumn("Shape").RightAligned());
        table.AddColumn(new TableColumn("As of").NoWrap());
        foreach (ScenarioSetDocument s in page.Sets)
        {
            table.AddRow(
                s.Id.ToString()[..8],
                Markup.Escape(s.Name) + (s.DefensiveTest ? " [yellow](defensive test)[/]" : string.Empty),
                s.Version.ToString(CultureInfo.InvariantCulture),
                s.Status.ToString().ToUpperInvariant(),
                $"{s.NumPaths}×{s.HorizonDays}×{s.Drivers.Total}",
                s.AsOfDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            );
        }

        console.Out.Write(table);
        console.WriteLine("Shape: paths × days × drivers.");
        int last = page.Offset + page.Sets.Count;
        string more = last < page.Total ? $"; --offset {last} shows the next" : string.Empty;
        console.WriteLine(
            page.Sets.Count == 0
                ? $"No set beyond {page.Offset}; {page.Total} match."
                : $"{page.Offset + 1} to {last} of {page.Total}{more}"
        );
    }
}
