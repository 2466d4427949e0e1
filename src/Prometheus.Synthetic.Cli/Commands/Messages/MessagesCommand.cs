using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages</c>: what lies in error and skipped queues, and the journal of what went through.</summary>
public static class MessagesCommand
{
    public static Command Create(CliContext cli) =>
        new("messages", "Messages that failed: list, show, replay, discard; and the journal of all messages.")
        {
            ListMessages.Create(cli),
            ShowMessage.Create(cli),
            ReplayMessages.Create(cli),
            DiscardMessages.Create(cli),
            ShowJournal.Create(cli),
        };
}
