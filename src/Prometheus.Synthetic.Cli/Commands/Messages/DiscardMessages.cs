using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages discard</c>.</summary>
internal static class DiscardMessages
{
    public static Command Create(CliContext cli)
    {
        var filter = new DeadMessageOptions();
        Option<bool> yes = CliOptions.Yes();
        var reason = new Option<string>("--reason")
        {
            Description = "Why; it is recorded with the body.",
            Required = true,
        };
        var command = new Command("discard", "Throw failed messages away; the audit trail keeps their bodies.")
        {
            yes,
            reason,
        };
        filter.AddTo(command);
        command.SetAction(
            async (parsed, ct) =>
            {
                if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new ScenarioRefusedException(ErrorCodes.Missing, "--reason", "is empty; say why");
                await using OperatorScope scope = OperatorScope.Open(cli);
                DeadLetterOffice office = scope.Get<DeadLetterOffice>();
                DeadMessageFilter which = filter.Read(parsed, cli);
                foreach (DeadMessage m in await office.BrowseAsync(which, ct))
                    DeadMessagePrinter.Print(cli, m);
                if (!parsed.GetValue(yes))
                {
                    cli.Console.Notice("Nothing was discarded; --yes does it.");
                    return ExitCodes.Ok;
                }

                IReadOnlyList<DeadMessage> done = await office.DiscardAsync(
                    which,
                    m =>
                        scope.AuditAsync(
                            AuditActions.MessageDiscarded,
                            DeadMessagePrinter.IdOf(m),
                            parsed.GetValue(reason)!,
                            // Base64: a body in an error queue may be anything; what is longer than any message is cut.
                            new
                            {
                                Message = DeadMessagePrinter.View(m),
                                Body = Convert.ToBase64String(m.Body.Span[..Math.Min(m.Body.Length, 1 << 20)]),
                            },
                            ct
                        ),
                    ct
                );
                cli.Console.WriteLine($"{done.Count} messages discarded");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages discard --type FragilityComputed --older-than 7d --reason 'test data' --yes"
        );
    }
}
