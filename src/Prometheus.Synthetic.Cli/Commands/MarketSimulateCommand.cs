using System.CommandLine;
using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Market.Simulation;
using Spectre.Console;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>market simulate</c>: fills the market tables with a seeded simulated market.</summary>
public static class MarketSimulateCommand
{
    public static Command Create(CliContext cli)
    {
        var market = new Option<string[]>("--market")
        {
            Description =
                $"Market to simulate, of {string.Join(", ", MarketSimulator.MarketIds)}; repeatable. All when absent.",
        };
        var years = new Option<int>("--years")
        {
            Description = $"Years of history, {MarketSimulationOptions.MinYears}..{MarketSimulationOptions.MaxYears}.",
            DefaultValueFactory = _ => 12,
        };
        var end = new Option<string?>("--end")
        {
            Description = "Last day, yyyy-MM-dd. The last weekday before today when absent.",
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Same seed, years and end: same data on every machine.",
            DefaultValueFactory = _ => 1,
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Remove what the markets hold, imported history too, before writing.",
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "simulate",
            "Fill the market tables with a simulated market: instruments, prices, factors, macro, regimes, scores."
        )
        {
            market,
            years,
            end,
            seed,
            replace,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
            {
                var errors = new List<FieldError>();
                var options = new MarketSimulationOptions(Day(cli, parsed.GetValue(end), errors))
                {
                    Years = parsed.GetValue(years),
                    Seed = parsed.GetValue(seed),
                    Replace = parsed.GetValue(replace),
                };
                if (parsed.GetValue(market) is { Length: > 0 } markets)
                    options = options with { Markets = markets };
                errors.AddRange(options.Errors());
                if (errors.Count > 0)
                    throw new ScenarioRefusedException(errors);
                return RunAsync(cli, options, parsed.GetValue(json), ct);
            }
        );
        return command.WithExamples(
            "./synthetic market simulate",
            "./synthetic market simulate --market US_EQ --years 20 --end 2026-10-30 --seed 7 --replace"
        );
    }

    private static DateOnly Day(CliContext cli, string? text, List<FieldError> errors)
    {
        DateOnly fallback = MarketSimulationOptions.LastWeekdayBefore(
            DateOnly.FromDateTime(cli.Clock.GetUtcNow().UtcDateTime)
        );
        if (text is null)
            return fallback;
        if (
            DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out DateOnly day
            )
        )
            return day;
        errors.Add(new(ErrorCodes.InvalidDates, "--end", $"'{text}' is no day; write yyyy-MM-dd, e.g. 2026-10-30"));
        return fallback;
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        MarketSimulationOptions options,
        bool json,
        CancellationToken ct
    )
    {
        MarketTables tables = cli.ReadMarketTables();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(cli.RequirePostgres());
        await MarketSchema.EnsureAsync(source, tables, ct);
        var store = new SimulatedMarketStore(source, tables);
        long started = cli.Clock.GetTimestamp();
        SimulationReport report = await WithProgressAsync(cli.Console, p => store.WriteAsync(options, p, ct));
        double seconds = cli.Clock.GetElapsedTime(started).TotalSeconds;
        if (json)
            cli.Console.WriteJson(new { report, seconds });
        else
            Print(report, seconds, cli.Console);
        return ExitCodes.Ok;
    }

    private static async Task<SimulationReport> WithProgressAsync(
        CliConsole console,
        Func<IProgress<SimulationProgress>?, Task<SimulationReport>> write
    )
    {
        if (!console.ErrorIsTerminal)
            return await write(null);
        return await console
            .Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(display => write(new Reporter(display.AddTask("simulating", maxValue: 1))));
    }

    private static void Print(SimulationReport r, double seconds, CliConsole console)
    {
        console.WriteLine(
            Invariant(
                $"Simulated {string.Join(", ", r.Instruments.Select(i => $"{i.Key} ({i.Value} instruments)"))}, seed {r.Seed}"
            )
        );
        console.WriteLine(Invariant($"{r.FirstDate:yyyy-MM-dd} to {r.LastDate:yyyy-MM-dd}, {seconds:0.0} s"));
        var table = new Table().Border(console.OutputIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        table.AddColumn("Table");
        table.AddColumn("Rows", c => c.RightAligned());
        foreach ((string name, long rows) in r.Rows)
            table.AddRow(Markup.Escape(name), Invariant($"{rows:N0}"));
        console.Out.Write(table);
        console.WriteLine($"regime days: {string.Join(", ", r.RegimeDays.Select(d => $"{d.Key} {d.Value}"))}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Reporter(ProgressTask task) : IProgress<SimulationProgress>
    {
        public void Report(SimulationProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = value.Fraction;
        }
    }
}
