using System.CommandLine;
using Prometheus.Synthetic.Cli.Charts;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using ScottPlot;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets plot</c>: fan chart, return histogram or correlations of a set against its history.</summary>
internal static class PlotSet
{
    private const string Equal = "equal";

    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        var kind = new Option<ChartKind>("--kind")
        {
            Description = "What to draw.",
            HelpName = "fan|histogram|correlation",
            DefaultValueFactory = _ => ChartKind.Fan,
        };
        var drivers = new Option<string[]>("--driver")
        {
            Description = "Instrument, factor or macro series; with correlation several.",
            AllowMultipleArgumentsPerToken = true,
        };
        var portfolio = new Option<string?>("--portfolio")
        {
            Description = "equal: all instruments, equally weighted (the default).",
        };
        portfolio.AcceptOnlyFromAmong(Equal);
        var theme = new Option<string>("--theme")
        {
            Description = "dark or light.",
            DefaultValueFactory = _ => "light",
        };
        theme.AcceptOnlyFromAmong("dark", "light");
        var format = new Option<ChartFormat?>("--format")
        {
            Description = "Without it by the name of the file, else png.",
            HelpName = "png|svg",
        };
        var output = new Option<string?>("--out")
        {
            Description = "File to write; without it NAME_vVERSION_KIND.FORMAT in the current folder.",
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("plot", "Draw a set against the history it was made from.")
        {
            set,
            kind,
            drivers,
            portfolio,
            theme,
            format,
            output,
            json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                string[] ids = parsed.GetValue(drivers) ?? [];
                ChartKind what = parsed.GetValue(kind);
                Check(what, ids, parsed.GetValue(portfolio));
                string? file = parsed.GetValue(output);
                OutputFile.Require("--out", file);
                ChartFormat form = parsed.GetValue(format) ?? FormatOf(file);
                await using EngineScope engine = EngineScope.Open(cli);
                ScenarioSetDocument found = await SetsCommand.FindAsync(engine, parsed.GetValue(set)!, ct);
                string written = await WriteAsync(
                    engine,
                    found,
                    what,
                    ids,
                    parsed.GetValue(theme) == "dark" ? ChartTheme.Dark : ChartTheme.Light,
                    form,
                    file ?? FileName(found, what, form),
                    ct
                );
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(
                        new
                        {
                            ScenarioSetId = found.Id,
                            found.Name,
                            found.Version,
                            Kind = what,
                            File = written,
                        }
                    );
                else
                    cli.Console.WriteLine(written);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic sets plot US_EQ_BASELINE_BOOTSTRAP_30D --theme dark --out fan.png",
            "./synthetic sets plot US_EQ_BASELINE_BOOTSTRAP_30D --kind histogram --driver EQUITY:UFIN01 --format svg",
            "./synthetic sets plot US_EQ_BASELINE_BOOTSTRAP_30D:1 --kind correlation"
        );
    }

    /// <summary>Draws and writes one chart; returns the file's full path.</summary>
    internal static async Task<string> WriteAsync(
        EngineScope engine,
        ScenarioSetDocument set,
        ChartKind kind,
        string[] drivers,
        ChartTheme theme,
        ChartFormat format,
        string file,
        CancellationToken ct
    )
    {
        SetSeries series = await SetSeries.OpenAsync(engine, set, ct);
        IReadOnlyList<SetDriver>? chosen = drivers.Length == 0 ? null : SetSeries.Select(series.Drivers, drivers);
        Plot plot = await new SetCharts(series, theme).DrawAsync(kind, chosen, ct);
        (int width, int height) = kind == ChartKind.Correlation ? (1700, 1000) : (1400, 800);
        return ChartFile.Write(plot, file, format, width, height);
    }

    internal static string FileName(ScenarioSetDocument set, ChartKind kind, ChartFormat format) =>
        $"{set.Name}_v{set.Version}_{kind.ToString().ToLowerInvariant()}.{format.ToString().ToLowerInvariant()}";

    private static void Check(ChartKind kind, string[] drivers, string? portfolio)
    {
        if (drivers.Length > 0 && portfolio is not null)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "--portfolio",
                "is given together with --driver; keep one"
            );
        if (kind != ChartKind.Correlation && drivers.Length > 1)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "--driver",
                $"{drivers.Length} were given; a {kind.ToString().ToLowerInvariant()} shows one"
            );
        if (kind == ChartKind.Correlation && drivers.Length == 1)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "--driver",
                "one was given; a correlation needs two or more"
            );
    }

    private static ChartFormat FormatOf(string? file) =>
        Path.GetExtension(file ?? string.Empty).ToLowerInvariant() switch
        {
            ".svg" => ChartFormat.Svg,
            ".png" or "" => ChartFormat.Png,
            string ending => throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                "--out",
                $"the ending '{ending}' says no format; end the name in .png or .svg, or give --format"
            ),
        };
}
