using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Demo;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Services;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>demo</c>: the main job from nothing to a risk consumer's figures.</summary>
public static class DemoCommand
{
    public static Command Create(CliContext cli)
    {
        var market = new Option<string>("--market")
        {
            Description = "Market family to refresh.",
            DefaultValueFactory = _ => "US_EQ",
        };
        var panel = new Option<string?>("--panel")
        {
            Description = "CSV of prices or returns to import when the market is empty; without it a simulated market.",
        };
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave the services and the worker running; `./synthetic down` stops them.",
        };
        var theme = new Option<string>("--theme")
        {
            Description = "Theme of the chart, dark or light.",
            DefaultValueFactory = _ => "light",
        };
        theme.AcceptOnlyFromAmong("dark", "light");
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "demo",
            "Start what is missing, load a market, publish MonthlyRefreshDue, and show the scenario set that comes of it "
                + "and what a risk consumer makes of it. Run again: the set exists and is announced again."
        )
        {
            market,
            panel,
            keep,
            theme,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    cli,
                    new DemoOptions(
                        parsed.GetValue(market)!,
                        parsed.GetValue(panel),
                        parsed.GetValue(keep),
                        parsed.GetValue(theme) == "dark"
                    ),
                    parsed.GetValue(json),
                    ct
                )
        );
        return command.WithExamples(
            "./synthetic demo",
            "./synthetic demo --keep --theme dark",
            "./synthetic demo --panel prices.csv.gz"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, DemoOptions options, bool json, CancellationToken ct)
    {
        if (options.Panel is { } panel)
            _ = InputFile.Bytes("--panel", panel); // before anything is started for it
        PersistentStack stack = UpCommand.StackOf(cli);
        bool started = false;
        try
        {
            // Also when interrupted between its two services, UpAsync stops what it began.
            (_, started) = await stack.UpAsync(ct);
            DemoResult result = await new DemoRun(cli, options, new DemoDisplay(cli.Console)).RunAsync(ct);
            if (json)
                cli.Console.WriteJson(result);
            else
                Print(result, cli.Console);
            return ExitCodes.Ok;
        }
        finally
        {
            if (started && !options.Keep)
                await stack.DownAsync(purge: false, CancellationToken.None);
        }
    }

    private static void Print(DemoResult result, CliConsole console)
    {
        ScenarioSetDocument set = result.Set;
        console.WriteLine("");
        console.WriteLine(
            result.Existed
                ? "The set exists already: same month, same data. It was announced again, not made again."
                : "A new scenario set is sealed."
        );
        foreach ((string label, string value) in Lines(result, set))
            console.WriteLine($"{label, -10} {value}");
    }

    private static IEnumerable<(string Label, string Value)> Lines(DemoResult result, ScenarioSetDocument set)
    {
        yield return ("name", set.Name);
        yield return ("version", Invariant($"{set.Version}"));
        yield return ("id", set.Id.ToString());
        yield return (
            "shape",
            Invariant($"{set.NumPaths:N0} paths × {set.HorizonDays} steps × {set.Drivers.Total} drivers")
        );
        yield return ("cells", Invariant($"{set.Cells:N0}"));
        yield return (
            "seconds",
            set.SealedAt is { } at
                ? Invariant(
                    $"{(at - set.CreatedAt).TotalSeconds:0.00} from plan to seal, {result.WaitedSeconds:0.00} from event to announcement"
                )
                : Invariant($"{result.WaitedSeconds:0.00} from event to announcement")
        );
        yield return ("content", set.ContentHash ?? "-");
        yield return ("chart", result.Chart);
        yield return ("risk", result.RiskLine);
        foreach (string line in result.RiskDetail)
            yield return (string.Empty, line);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
