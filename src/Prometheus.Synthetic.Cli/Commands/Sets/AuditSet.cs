using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Cli.Commands.Sets;

/// <summary><c>sets audit</c>: the audit trail of one set or of all.</summary>
internal static class AuditSet
{
    public static Command Create(CliContext cli)
    {
        Argument<string> one = SetsCommand.SetArgument();
        var set = new Argument<string?>("set")
        {
            Description = one.Description + " All sets when absent.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var limit = new Option<int>("--limit")
        {
            Description = "At most so many entries, the newest.",
            DefaultValueFactory = _ => 100,
        };
        Option<bool> json = CliOptions.Json();
        var command = new Command("audit", "Show who did what to sets, when, why, and because of which message.")
        {
            set,
            limit,
            json,
        };
        command.SetAction(
            (parsed, ct) => RunAsync(cli, parsed.GetValue(set), parsed.GetValue(limit), parsed.GetValue(json), ct)
        );
        return command.WithExamples(
            "./synthetic sets audit --limit 20",
            "./synthetic sets audit US_EQ_BASELINE_BOOTSTRAP_30D:1 --json"
        );
    }

    private static async Task<int> RunAsync(CliContext cli, string? text, int limit, bool json, CancellationToken ct)
    {
        if (limit < 1)
            throw new ScenarioRefusedException(ErrorCodes.OutOfRange, "--limit", $"{limit} is not 1 or more");
        await using EngineScope engine = EngineScope.Open(cli);
        Guid? id = text is null ? null : (await SetsCommand.FindAsync(engine, text, ct)).Id;
        IReadOnlyList<RecordedAuditEntry> entries = await engine.Get<AuditTrail>().ReadAsync(id, limit, ct);
        if (json)
        {
            cli.Console.WriteJson(entries);
            return ExitCodes.Ok;
        }

        foreach (RecordedAuditEntry e in entries)
        {
            string at = e.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            string reason = e.Entry.Reason is { } r ? $", because: {r}" : string.Empty;
            string message = e.Entry.MessageId is { } m ? $", by message {m}" : string.Empty;
            cli.Console.WriteLabelled(
                at,
                $"{e.Entry.Action} {e.Entry.ScenarioSetId} by {e.Entry.Actor}{reason}{message}",
                20
            );
        }

        return ExitCodes.Ok;
    }
}
