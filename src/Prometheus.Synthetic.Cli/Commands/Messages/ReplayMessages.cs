using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages replay</c>.</summary>
internal static class ReplayMessages
{
    public static Command Create(CliContext cli)
    {
        var filter = new DeadMessageOptions();
        Option<bool> yes = CliOptions.Yes();
        var command = new Command("replay", "Send failed messages to their queue again; shows what would happen first.")
        {
            yes,
        };
        filter.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                DeadLetterOffice office = scope.Get<DeadLetterOffice>();
                DeadMessageFilter which = filter.Read(parsed, cli);
                foreach (DeadMessage m in await office.BrowseAsync(which, ct))
                {
                    DeadMessagePrinter.Print(cli, m);
                    cli.Console.WriteWrapped("  ", await DeadMessagePrinter.ForecastAsync(scope, m, ct));
                }

                if (!parsed.GetValue(yes))
                {
                    cli.Console.Notice("Nothing was sent; --yes does it.");
                    return ExitCodes.Ok;
                }

                IReadOnlyList<DeadMessage> done = await office.ReplayAsync(
                    which,
                    OperatorScope.Actor,
                    m =>
                        scope.AuditAsync(
                            AuditActions.MessageReplayed,
                            DeadMessagePrinter.IdOf(m),
                            m.Reason,
                            DeadMessagePrinter.View(m),
                            ct
                        ),
                    ct
                );
                cli.Console.WriteLine($"{done.Count} messages replayed");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages replay --exception PostgresException",
            "./synthetic messages replay --queue synthetic.generate-scenario-set --yes"
        );
    }
}
