using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages list</c>.</summary>
internal static class ListMessages
{
    public static Command Create(CliContext cli)
    {
        var filter = new DeadMessageOptions();
        Option<bool> json = CliOptions.Json();
        var command = new Command("list", "Show what lies in error and skipped queues.") { json };
        filter.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                IReadOnlyList<DeadMessage> found = await scope
                    .Get<DeadLetterOffice>()
                    .BrowseAsync(filter.Read(parsed, cli), ct);
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(found.Select(DeadMessagePrinter.View));
                else if (found.Count == 0)
                    cli.Console.WriteLine("No messages.");
                else
                    foreach (DeadMessage m in found)
                        DeadMessagePrinter.Print(cli, m);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages list",
            "./synthetic messages list --type GenerateScenarioSet --older-than 24h --json"
        );
    }
}
