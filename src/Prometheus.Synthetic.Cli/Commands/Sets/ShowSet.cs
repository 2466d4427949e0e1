using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets show</c>: the audit sheet of one set.</summary>
internal static class ShowSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> set = SetsCommand.SetArgument();
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show the record of one set: what was asked, from what it was made, by whom.")
        {
            set,
            json,
        };
        command.SetAction((parsed, ct) => RunAsync(cli, parsed.GetValue(set)!, parsed.GetValue(json), ct));
        return command.WithExamples(
            "./synthetic sets show US_EQ_BASELINE_BOOTSTRAP_30D_2026-10",
            "./synthetic sets show US_EQ_BASELINE_BOOTSTRAP_30D_2026-10:1 --json",
            "./synthetic sets show 7b0e4a52"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string text, bool json, CancellationToken ct)
    {
        await using EngineScope engine = EngineScope.Open(cli);
        ScenarioSetDocument set = await SetsCommand.FindAsync(engine, text, ct);
        if (json)
            cli.Console.WriteJson(set);
        else
            AuditSheet.Print(set, cli.Console);
        return ExitCodes.Ok;
    }
}
