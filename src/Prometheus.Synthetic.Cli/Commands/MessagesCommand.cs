using System.CommandLine;
using System.Globalization;
using System.Text;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Messaging.Replay;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Cli.Commands;

/// <summary><c>messages</c>: what lies in error and skipped queues, and the journal of what went through.</summary>
public static class MessagesCommand
{
    public static Command Create(CliContext cli) =>
        new("messages", "Messages that failed: list, show, replay, discard; and the journal of all messages.")
        {
            List(cli),
            Show(cli),
            Replay(cli),
            Discard(cli),
            Journal(cli),
        };

    private static Command List(CliContext cli)
    {
        var filter = new FilterOptions();
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
                    cli.Console.WriteJson(found.Select(View));
                else if (found.Count == 0)
                    cli.Console.WriteLine("No messages.");
                else
                    foreach (DeadMessage m in found)
                        Print(cli, m);
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages list",
            "./synthetic messages list --type GenerateScenarioSet --older-than 24h --json"
        );
    }

    private static Command Show(CliContext cli)
    {
        var id = new Argument<string>("id") { Description = "AMQP message id, as `messages list` shows it." };
        Option<bool> json = CliOptions.Json();
        var command = new Command("show", "Show one failed message with its body and what a replay would do.")
        {
            id,
            json,
        };
        command.SetAction(
            async (parsed, ct) =>
            {
                await using OperatorScope scope = OperatorScope.Open(cli);
                IReadOnlyList<DeadMessage> found = await scope
                    .Get<DeadLetterOffice>()
                    .BrowseAsync(new DeadMessageFilter(Id: parsed.GetValue(id)), ct);
                foreach (DeadMessage m in found)
                {
                    string would = await ForecastAsync(scope, m, ct);
                    string body = Encoding.UTF8.GetString(m.Body.Span);
                    if (parsed.GetValue(json))
                    {
                        cli.Console.WriteJson(
                            new
                            {
                                Message = View(m),
                                Body = body,
                                Replay = would,
                            }
                        );
                        continue;
                    }

                    Print(cli, m);
                    cli.Console.WriteLine($"  a replay: {would}");
                    cli.Console.WriteLine(body.Length <= 4_000 ? body : body[..4_000] + $"… ({m.Body.Length} bytes)");
                }

                if (found.Count == 0)
                    cli.Console.Notice("There is no such message.");
                return found.Count == 0 ? ExitCodes.Refused : ExitCodes.Ok;
            }
        );
        return command.WithExamples("./synthetic messages show a9b1c7de-4f21-5b60-8d3c-6e7f80912a3b");
    }

    private static Command Replay(CliContext cli)
    {
        var filter = new FilterOptions();
        Option<bool> yes = Yes();
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
                    Print(cli, m);
                    cli.Console.WriteLine($"  {await ForecastAsync(scope, m, ct)}");
                }

                if (!parsed.GetValue(yes))
                {
                    cli.Console.Notice("Nothing was sent; --yes does it.");
                    return ExitCodes.Ok;
                }

                IReadOnlyList<DeadMessage> done = await office.ReplayAsync(
                    which,
                    OperatorScope.Actor,
                    m => scope.AuditAsync(OperatorAudit.MessageReplayed, IdOf(m), m.Reason, View(m), ct),
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

    private static Command Discard(CliContext cli)
    {
        var filter = new FilterOptions();
        Option<bool> yes = Yes();
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
                await using OperatorScope scope = OperatorScope.Open(cli);
                DeadLetterOffice office = scope.Get<DeadLetterOffice>();
                DeadMessageFilter which = filter.Read(parsed, cli);
                foreach (DeadMessage m in await office.BrowseAsync(which, ct))
                    Print(cli, m);
                if (!parsed.GetValue(yes))
                {
                    cli.Console.Notice("Nothing was discarded; --yes does it.");
                    return ExitCodes.Ok;
                }

                IReadOnlyList<DeadMessage> done = await office.DiscardAsync(
                    which,
                    m =>
                        scope.AuditAsync(
                            OperatorAudit.MessageDiscarded,
                            IdOf(m),
                            parsed.GetValue(reason)!,
                            // Base64: a body in an error queue may be anything; what is longer than any message is cut.
                            new
                            {
                                Message = View(m),
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

    private static Command Journal(CliContext cli)
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
            Description = "At most so many, the newest.",
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
                            parsed.GetValue(limit)
                        ),
                        ct
                    );
                if (parsed.GetValue(json))
                    cli.Console.WriteJson(entries);
                else if (entries.Count == 0)
                    cli.Console.WriteLine("No entries.");
                else
                    foreach (JournalEntry e in entries)
                        cli.Console.WriteLine(
                            $"{e.FirstAt.ToString("MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {(e.Direction == JournalDirection.Consumed ? "in " : "out")} {e.MessageType, -28} {e.Outcome, -8} ×{e.Times} {e.NaturalKey}"
                        );
                return ExitCodes.Ok;
            }
        );
        return command.WithExamples(
            "./synthetic messages journal --from 24h",
            "./synthetic messages journal --id 0d6f2f0c-6c0f-5f3e-9a35-2f4f1c8a7b10 --json"
        );
    }

    private static Option<bool> Yes() =>
        new("--yes") { Description = "Do it; without it only what would happen is shown." };

    private static Guid? IdOf(DeadMessage m) => Guid.TryParse(m.MessageId, out Guid id) ? id : null;

    private static Task<string> ForecastAsync(OperatorScope scope, DeadMessage m, CancellationToken ct) =>
        scope.Get<ReplayForecast>().OfAsync(m.MessageType, IdOf(m), m.Body, ct);

    private static object View(DeadMessage m) =>
        new
        {
            m.DeadQueue,
            m.SourceQueue,
            m.MessageType,
            m.MessageId,
            m.Exception,
            m.Reason,
            m.FailedAt,
            m.ContentType,
            Bytes = m.Body.Length,
        };

    private static void Print(CliContext cli, DeadMessage m)
    {
        cli.Console.WriteLine(
            $"{m.MessageId ?? "(no id)", -36} {m.MessageType} in {m.DeadQueue}, {m.Body.Length} bytes"
        );
        if (m.Exception.Length > 0)
            cli.Console.WriteLine(
                $"  {m.Exception.Split('.')[^1]}: {(m.Reason.Length <= 200 ? m.Reason : m.Reason[..197] + "...")}"
            );
    }

    /// <summary>The options that choose among failed messages.</summary>
    private sealed class FilterOptions
    {
        private readonly Option<string?> _queue = new("--queue") { Description = "Source queue or error queue." };
        private readonly Option<string?> _type = new("--type") { Description = "Contract name of the message." };
        private readonly Option<string?> _exception = new("--exception")
        {
            Description = "Part of the exception's type name.",
        };
        private readonly Option<string?> _older = new("--older-than")
        {
            Description = "Failed before: date, instant, or age such as 24h.",
        };
        private readonly Option<string?> _newer = new("--newer-than") { Description = "Failed at or after." };
        private readonly Option<string?> _id = new("--id") { Description = "AMQP message id." };

        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _queue, _type, _exception, _older, _newer, _id })
                command.Add(option);
        }

        public DeadMessageFilter Read(ParseResult parsed, CliContext cli) =>
            new(
                parsed.GetValue(_queue),
                parsed.GetValue(_type),
                parsed.GetValue(_exception),
                OperatorScope.Instant("--older-than", parsed.GetValue(_older), cli.Clock),
                OperatorScope.Instant("--newer-than", parsed.GetValue(_newer), cli.Clock),
                parsed.GetValue(_id)
            );
    }
}
