using System.CommandLine;
using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Import;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>import</c>: loads CSV files of prices, returns, factors or macro levels into the market tables.</summary>
public static class ImportCommand
{
    private const string ValuesName = "--values";
    private const string AsName = "--as";

    public static Command Create(CliContext cli)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CSV or CSV.gz: a date column and one column per series, or date, id, value.",
            Arity = ArgumentArity.OneOrMore,
        };
        var values = new Option<string?>(ValuesName)
        {
            Description =
                "What the numbers are: prices, returns, log-returns or levels. Detected and printed when absent.",
        };
        values.AcceptOnlyFromAmong("prices", "returns", "log-returns", "levels");
        var target = new Option<string?>(AsName)
        {
            Description = "What the series are: instruments, factors or macro. Detected and printed when absent.",
        };
        target.AcceptOnlyFromAmong("instruments", "factors", "macro");
        var market = new Option<string>("--market")
        {
            Description = "Market of the instruments; registered when new.",
            DefaultValueFactory = _ => "US_EQ",
        };
        var assetClass = new Option<string?>("--asset-class")
        {
            Description = "Prefix of the instrument ids, e.g. EQUITY (default) or ETF.",
        };
        var currency = new Option<string>("--currency")
        {
            Description = "Currency of the prices.",
            DefaultValueFactory = _ => "USD",
        };
        var percent = new Option<bool>("--percent") { Description = "Returns are in percent." };
        var unit = new Option<string?>("--unit") { Description = "Unit of the macro series, e.g. percent." };
        var origin = new Option<string?>("--source") { Description = "Where the data come from; kept with the rows." };
        var strict = new Option<bool>("--strict") { Description = "Refuse a file of which anything is rejected." };
        var rejects = new Option<string?>("--rejects") { Description = "Write every rejected cell to this CSV." };
        Option<bool> json = CliOptions.Json();
        var command = new Command("import", "Load market history from CSV: prices, returns, factors or macro series.")
        {
            files,
            values,
            target,
            market,
            assetClass,
            currency,
            percent,
            unit,
            origin,
            strict,
            rejects,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    parsed.GetValue(files)!,
                    new ImportOptions
                    {
                        Values = parsed.GetValue(values) switch
                        {
                            "prices" => ImportValues.Prices,
                            "returns" => ImportValues.Returns,
                            "log-returns" => ImportValues.LogReturns,
                            "levels" => ImportValues.Levels,
                            _ => null,
                        },
                        As = parsed.GetValue(target) switch
                        {
                            "instruments" => ImportTarget.Instruments,
                            "factors" => ImportTarget.Factors,
                            "macro" => ImportTarget.Macro,
                            _ => null,
                        },
                        MarketId = parsed.GetValue(market)!,
                        AssetClass = parsed.GetValue(assetClass),
                        Currency = parsed.GetValue(currency)!,
                        Percent = parsed.GetValue(percent),
                        Unit = parsed.GetValue(unit),
                        Source = parsed.GetValue(origin),
                        Strict = parsed.GetValue(strict),
                    },
                    parsed.GetValue(rejects),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic import prices.csv.gz --market US_EQ",
            "./synthetic import sector_etfs.csv --asset-class ETF --strict",
            "./synthetic import ff5.csv --as factors --rejects rejects.csv"
        );
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string[] files,
        ImportOptions options,
        string? rejectsFile,
        bool json,
        CancellationToken ct
    )
    {
        OutputFile.Require("--rejects", rejectsFile);
        MarketTables tables = cli.ReadMarketTables();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cli.RequirePostgres());
        await MarketSchema.EnsureAsync(source, tables, ct);
        var importer = new MarketImporter(source, tables);
        await using StreamWriter? rejects = rejectsFile is null ? null : new StreamWriter(rejectsFile);
        var reports = new List<ImportReport>();
        foreach (string file in files)
        {
            long started = cli.Clock.GetTimestamp();
            ImportReport report = await WithProgressAsync(
                cli.Console,
                Path.GetFileName(file),
                p => importer.ImportAsync(file, options, p, rejects, ct)
            );
            reports.Add(report);
            if (!json)
                Print(report, cli.Clock.GetElapsedTime(started), rejectsFile, cli.Console);
        }

        if (json)
            cli.Console.WriteJson(reports);
        return ExitCodes.Ok;
    }

    private static async Task<ImportReport> WithProgressAsync(
        CliConsole console,
        string file,
        Func<IProgress<ImportProgress>?, Task<ImportReport>> import
    )
    {
        if (!console.ErrorIsTerminal)
            return await import(null);
        return await console
            .Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                ProgressTask reading = progress.AddTask($"reading {Markup.Escape(file)}", maxValue: 1);
                ProgressTask storing = progress.AddTask($"storing {Markup.Escape(file)}", maxValue: 1);
                return await import(new Reporter(reading, storing));
            });
    }

    private static void Print(ImportReport r, TimeSpan elapsed, string? rejectsFile, CliConsole console)
    {
        console.WriteLine($"{r.File}");
        foreach (string reason in r.Detection)
            console.WriteWrapped("  ", reason);
        console.WriteWrapped(
            "  ",
            Invariant(
                $"{r.Series} series, {r.FirstDate:yyyy-MM-dd} to {r.LastDate:yyyy-MM-dd}, {r.Lines:N0} lines: {r.Accepted:N0} values, {r.Missing:N0} missing, {r.Rejected.Total:N0} rejected"
            )
        );
        console.WriteWrapped(
            "  ",
            Invariant(
                $"stored in {elapsed.TotalSeconds:0.0} s: {string.Join(", ", r.Written.Select(w => Invariant($"{w.Key} {w.Value:N0} rows new or changed")))}"
            )
        );
        foreach (string note in r.Notes)
            console.WriteWrapped("  note: ", note);
        if (r.Rejected.Total == 0)
            return;
        console.WriteLine("  rejected:");
        foreach ((string reason, long count) in r.Rejected.ByReason)
            console.WriteWrapped("    ", Invariant($"{count:N0} × {reason}"));
        foreach (Reject reject in r.Rejected.First)
            console.WriteWrapped("    ", reject.ToString());
        if (r.Rejected.Total > r.Rejected.First.Count)
            console.WriteWrapped(
                "    ",
                Invariant($"and {r.Rejected.Total - r.Rejected.First.Count:N0} more")
                    + (rejectsFile is null ? "; --rejects FILE saves all" : $"; all are in {rejectsFile}")
            );
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Reporter(ProgressTask reading, ProgressTask storing) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.Stage == "storing")
                storing.Value = value.Fraction;
            else
                reading.Value = value.Fraction;
        }
    }
}
