using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Engine.Audit;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets audit</c>: everything that is known of a set, for a reviewer.</summary>
public static class AuditSet
{
    private const int LabelWidth = 27;

    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        Option<bool> json = CliOptions.Json();
        var command = new Command(
            "audit",
            "Show where a set comes from, what is in it, what verified it and what was done to it."
        )
        {
            set,
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(set)!, parsed.GetValue(json), ct));
        return command.WithExamples(
            "./synthetic sets audit US_EQ_BASELINE_BOOTSTRAP_30D_2020ON",
            "./synthetic sets audit US_EQ_BASELINE_BOOTSTRAP_30D_2020ON:3 --json"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string text, bool json, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        AuditSheet sheet = await engine.Get<AuditSheetReader>().ReadAsync(set.Id, ct);
        if (json)
            cli.Console.WriteJson(sheet);
        else
            Print(sheet, cli.Console);
        return ExitCodes.Ok;
    }

    /// <summary>The sheet as text, at most <see cref="CliConsole.PlainWidth"/> columns wide.</summary>
    public static void Print(AuditSheet sheet, CliConsole console)
    {
        foreach (AuditSection section in AuditSections.Of(sheet).Where(s => s.Lines.Count > 0))
        {
            console.WriteLine(section.Title);
            foreach ((string label, string value) in section.Lines)
                console.WriteLabelled("  " + label, value, LabelWidth);
            console.WriteLine(string.Empty);
        }
    }
}
