using System.CommandLine;
using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>market show</c>: the ids and dates that a request is written with.</summary>
public static class MarketShowCommand
{
    public static Command Create(CliContext cli)
    {
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show markets, dates, factors, macro series and regimes a request can name.")
        {
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(json), ct));
        return command.WithExamples("./synthetic market show", "./synthetic market show --json");
    }

    private static async Task<int> RunAsync(CliContext cli, bool json, CancellationToken ct)
    {
        MarketTables tables = cli.ReadMarketTables();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cli.RequirePostgres());
        await MarketSchema.EnsureAsync(source, tables, ct);
        var catalogue = new MarketCatalogue(source, tables);
        IReadOnlyList<MarketSummary> markets = await catalogue.ListAsync(ct);
        (IReadOnlyList<string> factors, IReadOnlyList<string> macro) = await catalogue.SeriesAsync(ct);
        IReadOnlyList<string> models = await catalogue.FactorModelsAsync(ct);
        IReadOnlyList<RegimeSummary> regimes = await catalogue.RegimesAsync(ct);
        if (json)
        {
            cli.Console.WriteJson(
                new
                {
                    markets,
                    factors,
                    factorModels = models,
                    macro,
                    regimes,
                }
            );
            return ExitCodes.Ok;
        }

        if (markets.Count == 0)
            cli.Console.WriteLine("No markets. `import FILE` loads history, `market simulate` makes one.");
        else
            Print(markets, cli.Console);
        Line(cli.Console, "factors", factors);
        Line(cli.Console, "factor models", models);
        Line(cli.Console, "macro series", macro);
        foreach (RegimeSummary r in regimes)
            Line(
                cli.Console,
                $"regimes of {r.Region}, {r.ModelId}, now {r.Current}",
                [.. r.Days.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Key} ({d.Value} days)"))]
            );
        return ExitCodes.Ok;
    }

    private static void Print(IReadOnlyList<MarketSummary> markets, CliConsole console)
    {
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumns("Market", "Region", "Instruments", "By asset class", "First", "Last");
        foreach (MarketSummary m in markets)
            table.AddRow(
                Markup.Escape(m.MarketId),
                Markup.Escape(m.Region ?? "-"),
                m.Instruments.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(string.Join(", ", m.AssetClasses.Select(c => $"{c.Key} {c.Value}"))),
                Date(m.FirstDate),
                Date(m.LastDate)
            );
        console.Out.Write(table);
    }

    private static void Line(CliConsole console, string name, IReadOnlyList<string> values) =>
        console.WriteWrapped($"{name}: ", values.Count == 0 ? "none" : string.Join(", ", values));

    private static string Date(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";
}
