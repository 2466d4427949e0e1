using System.CommandLine;
using System.Globalization;
using System.Text;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>replay --journal</c>: past events again, to rebuild a day after an outage.</summary>
public static class ReplayCommand
{
    public static Command Create(CliContext cli)
    {
        var journal = new Option<bool>("--journal")
        {
            Description = "From the journal of messages (the only source there is).",
        };
        var from = new Option<string>("--from")
        {
            Description = "Events first seen at or after: date, instant, or age.",
            Required = true,
        };
        var to = new Option<string?>("--to") { Description = "Events first seen before; now when absent." };
        var type = new Option<string?>("--type") { Description = "Only this event, e.g. MonthlyRefreshDue." };
        Option<bool> yes = CliOptions.Yes();
        var command = new Command(
            "replay",
            "Publish past events again: what was made is announced, what is missing is made."
        )
        {
            journal,
            from,
            to,
            type,
            yes,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                if (!parsed.GetValue(journal))
                    throw new ScenarioRefusedException(
                        ErrorCodes.Missing,
                        "--journal",
                        "is missing; failed messages are replayed by `messages replay`"
                    );
                await using OperatorScope scope = OperatorScope.Open(cli);
                JournalReplay replay = scope.Get<JournalReplay>();
                IReadOnlyList<JournalEntry> events = await replay.SelectAsync(
                    OperatorScope.Instant("--from", parsed.GetValue(from), cli.Clock)!.Value,
                    OperatorScope.Instant("--to", parsed.GetValue(to), cli.Clock) ?? cli.Clock.GetUtcNow(),
                    parsed.GetValue(type),
                    ct
                );
                foreach (JournalEntry e in events)
                {
                    string would = await scope
                        .Get<ReplayForecast>()
                        .OfAsync(e.MessageType, e.MessageId, Encoding.UTF8.GetBytes(e.Body), ct);
                    cli.Console.WriteWrapped(
                        $"{e.FirstAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {e.MessageType} ",
                        e.NaturalKey
                    );
                    cli.Console.WriteWrapped("  ", would);
                }

                if (!parsed.GetValue(yes))
                {
                    cli.Console.Notice($"{events.Count} events; nothing was sent; --yes does it.");
                    return ExitCodes.Ok;
                }

                await replay.PublishAsync(
                    events,
                    OperatorScope.Actor,
                    e =>
                        scope.AuditAsync(
                            AuditActions.EventReplayed,
                            e.MessageId,
                            "replay from the journal",
                            new
                            {
                                e.MessageType,
                                e.NaturalKey,
                                e.FirstAt,
                            },
                            ct
                        ),
                    ct
                );
                cli.Console.WriteLine($"{events.Count} events replayed");
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic replay --journal --from 2026-10-30 --to 2026-10-31",
            "./synthetic replay --journal --from 24h --type MonthlyRefreshDue --yes"
        );
    }
}
