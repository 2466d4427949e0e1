using System.Text;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Journal;

namespace Prometheus.Synthetic.Messaging.Journal;

/// <summary>Takes events of other teams into the journal before they are handled, and says afterwards what became of them.</summary>
public sealed class InboundGate(MessageJournal journal, TimeProvider time)
{
    /// <exception cref="ScenarioRefusedException">Another content came under this message id before.</exception>
    public async Task ReceiveAsync<T>(T message, Guid messageId, string queue, CancellationToken ct)
        where T : class
    {
        DateTimeOffset now = time.GetUtcNow();
        // As the contract writes it: spaces and members that nobody knows are no other content.
        string body = Encoding.UTF8.GetString(ContractJson.Write(message));
        string? earlier = await journal.ReceiveAsync(
            new JournalEntry(
                JournalDirection.Consumed,
                typeof(T).Name,
                messageId,
                JournalKey.Of(message),
                null,
                queue,
                body,
                JournalOutcomes.Received,
                null,
                1,
                now,
                now
            ),
            ct
        );
        if (earlier is not null)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "message_id",
                $"message {messageId} came before with other content: {Shorten(earlier)}; give a corrected message an id of its own"
            );
    }

    public Task StartedAsync<T>(Guid messageId, Guid correlationId, CancellationToken ct) =>
        journal.ConcludeAsync(typeof(T).Name, messageId, JournalOutcomes.Started, null, correlationId, ct);

    public Task RefusedAsync<T>(Guid messageId, ScenarioRefusedException refused, CancellationToken ct) =>
        // A conflict is about the newcomer: what became of the first message stands.
        refused.Errors
            is [{ Code: ErrorCodes.Conflict, Field: "message_id" }]
            ? Task.CompletedTask
            : journal.ConcludeAsync(typeof(T).Name, messageId, JournalOutcomes.Refused, refused.Message, null, ct);

    private static string Shorten(string body) => body.Length <= 200 ? body : body[..197] + "...";
}
