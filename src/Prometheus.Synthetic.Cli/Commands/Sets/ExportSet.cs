using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Exchange;
using Prometheus.Synthetic.Exchange.Files;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets export</c>: a set as a Parquet, Arrow or CSV file.</summary>
public static class ExportSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> which = SetsCommand.SetArgument();
        var output = new Option<string>("--output", "-o")
        {
            Description = "File to write; its ending (.parquet, .arrow, .feather, .csv) says the format.",
            Required = true,
        };
        var format = new Option<string?>("--format") { Description = "The format, if the ending does not say it." };
        format.AcceptOnlyFromAmong("parquet", "arrow", "csv");
        var layout = new Option<string>("--layout")
        {
            Description = "arrays: one row per path and driver; cells: one row per cell as in scenario_paths.",
            DefaultValueFactory = _ => "arrays",
        };
        layout.AcceptOnlyFromAmong("arrays", "cells");
        Option<bool> json = CliOptions.Json();
        var act = new ActOptions();
        var command = new Command(
            "export",
            "Write a set into a file with its metadata inside. The content hash of what is written is checked."
        )
        {
            which,
            output,
            format,
            layout,
            json,
        };
        act.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                string file = parsed.GetValue(output)!;
                OutputFile.Require("--output", file);
                SetFileFormat form = parsed.GetValue(format) is { } given
                    ? Enum.Parse<SetFileFormat>(given, ignoreCase: true)
                    : SetExporter.FormatOf(file);
                await using EngineScope engine = EngineScope.Open(cli);
                ScenarioSetDocument set = await SetsCommand.FindAsync(engine, parsed.GetValue(which)!, ct);
                ExportReport report = await engine
                    .Get<SetExporter>()
                    .ExportAsync(
                        set.Id,
                        file,
                        form,
                        Enum.Parse<SetFileLayout>(parsed.GetValue(layout)!, ignoreCase: true),
                        act.Read(parsed),
                        null,
                        ct
                    );
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(report);
                else
                    Print(report, cli.Console);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic sets export US_EQ_BASELINE_BOOTSTRAP_30D -o baseline.parquet",
            "./synthetic sets export US_EQ_BASELINE_BOOTSTRAP_30D:2 -o v2.csv --layout cells"
        );
    }

    private static void Print(ExportReport r, CliConsole console)
    {
        const int width = 10;
        console.WriteLabelled("set", $"{r.Name} version {r.Version} ({r.ScenarioSetId})", width);
        console.WriteLabelled("file", r.File, width);
        console.WriteLabelled("size", string.Create(CultureInfo.InvariantCulture, $"{r.Bytes:N0} bytes"), width);
        console.WriteLabelled("sha256", r.FileHash, width);
        console.WriteLabelled("content", $"{r.ContentHash} (checked)", width);
    }
}
