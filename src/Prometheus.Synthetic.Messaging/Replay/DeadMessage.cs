namespace Prometheus.Synthetic.Messaging.Replay;

/// <summary>A message in an error or skipped queue.</summary>
/// <param name="DeadQueue">Where it lies, e.g. <c>synthetic.generate-scenario-set_error</c>.</param>
/// <param name="SourceQueue">Where it came from and would go again.</param>
/// <param name="MessageType">Contract name by the queue or the message's own type header; empty when unknown.</param>
/// <param name="MessageId">The AMQP property; null when there is none.</param>
/// <param name="Exception">Type of the exception that it ended with; empty in a skipped queue.</param>
/// <param name="Reason">What the exception said.</param>
/// <param name="FailedAt">When it failed, if the headers say so.</param>
public sealed record DeadMessage(
    string DeadQueue,
    string SourceQueue,
    string MessageType,
    string? MessageId,
    string Exception,
    string Reason,
    DateTimeOffset? FailedAt,
    string? ContentType,
    ReadOnlyMemory<byte> Body
);

/// <summary>Which dead messages; null members do not narrow.</summary>
/// <param name="Queue">Source queue or dead queue.</param>
/// <param name="Type">Contract name of the message.</param>
/// <param name="Exception">Part of the exception's type name.</param>
/// <param name="OlderThan">Failed before.</param>
/// <param name="NewerThan">Failed at or after.</param>
/// <param name="Id">AMQP message id.</param>
public sealed record DeadMessageFilter(
    string? Queue = null,
    string? Type = null,
    string? Exception = null,
    DateTimeOffset? OlderThan = null,
    DateTimeOffset? NewerThan = null,
    string? Id = null
)
{
    public bool Matches(DeadMessage m) =>
        (Queue is null || Queue == m.SourceQueue || Queue == m.DeadQueue)
        && (Type is null || string.Equals(Type, m.MessageType, StringComparison.OrdinalIgnoreCase))
        && (Exception is null || m.Exception.Contains(Exception, StringComparison.OrdinalIgnoreCase))
        // A message that does not say when it failed is never old enough, and never too old to be shown.
        && (OlderThan is null || m.FailedAt < OlderThan)
        && (NewerThan is null || m.FailedAt is null || m.FailedAt >= NewerThan)
        && (Id is null || string.Equals(Id, m.MessageId, StringComparison.OrdinalIgnoreCase));
}
