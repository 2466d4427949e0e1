using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Cli.Commands.Messages;

/// <summary><c>messages journal</c>.</summary>
internal static class ShowJournal
{
    public static Command Create(CliContext cli)
    {
        var from = new Option<string?>("--from")
        {
            Description = "First seen at or after: date, instant, or age such as 24h.",
        };
        var to = new Option<string?>("--to") { Description = "First seen before." };
        var type = new Option<string?>("--type")
        {
            Description = "Contract name of the message, e.g. MonthlyRefreshDue.",
        };
        var id = new Option<Guid?>("--id") { Description = "Message id, request id or refresh id." };
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many, the newest; 1 to 100000.",
            DefaultValueFactory = _ => 100,
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("journal", "Show what was consumed and published, and what became of it.")
        {
            from,
            to,
            type,
            id,
            limit,
            json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                int most = CliOptions.Within("--limit", parsed.GetValue(limit), 1, 100_000);
                await using OperatorScope scope = OperatorScope.Open(cli);
                IReadOnlyList<JournalEntry> entries = await scope
                    .Get<MessageJournal>()
                    .FindAsync(
                        new JournalFilter(
                            OperatorScope.Instant("--from", parsed.GetValue(from), cli.Clock),
                            OperatorScope.Instant("--to", parsed.GetValue(to), cli.Clock),
                            parsed.GetValue(type) is { } one ? [one] : null,
                            null,
                            parsed.GetValue(id),
                            most
                        ),
                        ct
                    );
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(entries);
                else if (entries.Count == 0)
                    cli.Console.WriteLine("No entries.");
                else
                    foreach (JournalEntry e in entries)
                        cli.Console.WriteWrapped(
                            $"{e.FirstAt.ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {(e.Direction == JournalDirection.Consumed ? "in " : "out")} {e.MessageType, -28} {e.Outcome, -8} ×{e.Times} ",
                            e.NaturalKey
                        );
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages journal --from 24h",
            "./synthetic messages journal --id af77cd78-3ba4-5bed-828d-6095afb644e3 --json"
        );
    }
}
