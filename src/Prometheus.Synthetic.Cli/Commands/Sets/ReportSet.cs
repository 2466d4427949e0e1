using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets report</c>: the audit sheet as Markdown, for filing.</summary>
public static class ReportSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "File to write; standard output when absent.",
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("report", "Write the audit sheet of a set as a Markdown document.")
        {
            set,
            output,
            json,
        };
        command.SetAction(
            (parsed, ct) => RunAsync(cli, parsed.GetValue(set)!, parsed.GetValue(output), parsed.GetValue(json), ct)
        );
        return command.WithExamples("./synthetic sets report US_EQ_BASELINE_BOOTSTRAP_30D -o baseline.md");
    }

    private static async Task<int> RunAsync(
        CliContext cli,
        string text,
        string? output,
        bool json,
        CancellationToken ct
    )
    {
        OutputFile.Require("--output", output);
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        AuditSheet sheet = await engine.Get<AuditSheetReader>().ReadAsync(set.Id, ct);
        string markdown = AuditMarkdown.Write(sheet);
        if (output is not null)
            await WriteAsync(output, markdown, ct);
        if (json)
            cli.Console.WriteJson(sheet);
        else
            cli.Console.WriteLine(output is null ? markdown : $"wrote {output}");
        return ExitCodes.Ok;
    }

    private static async Task WriteAsync(string output, string markdown, CancellationToken ct)
    {
        try
        {
            await File.WriteAllTextAsync(output, markdown, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "--output",
                $"'{output}' cannot be written: {e.Message}"
            );
        }
    }
}
