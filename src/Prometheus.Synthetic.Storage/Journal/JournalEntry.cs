namespace Prometheus.Synthetic.Storage.Journal;

/// <summary>Which way a message went.</summary>
public enum JournalDirection
{
    Consumed,
    Published,
}

/// <summary>One message as the journal keeps it; deliveries of one id are one entry.</summary>
/// <param name="MessageType">Contract name of the message, e.g. <c>MonthlyRefreshDue</c>.</param>
/// <param name="NaturalKey">What it is about, for people: market and month, set and shard.</param>
/// <param name="CorrelationId">Request or refresh that it belongs to.</param>
/// <param name="Endpoint">Queue it came from or exchange it went to.</param>
/// <param name="Body">JSON as it stood on the wire or as the contract writes it.</param>
/// <param name="Outcome">One of <see cref="JournalOutcomes"/>.</param>
/// <param name="Detail">A sentence beside the outcome.</param>
/// <param name="Times">Deliveries counted.</param>
public sealed record JournalEntry(
    JournalDirection Direction,
    string MessageType,
    Guid MessageId,
    string NaturalKey,
    Guid? CorrelationId,
    string Endpoint,
    string Body,
    string Outcome,
    string? Detail,
    int Times,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);

/// <summary>What became of a message.</summary>
public static class JournalOutcomes
{
    /// <summary>An event of another team is being looked at.</summary>
    public const string Received = "RECEIVED";

    /// <summary>It began a generation or a refresh, or met one that exists.</summary>
    public const string Started = "STARTED";

    /// <summary>It was answered by a refusal.</summary>
    public const string Refused = "REFUSED";

    /// <summary>One of our own messages did what it says.</summary>
    public const string Handled = "HANDLED";

    /// <summary>Handling ended with an exception; it is tried again or in the error queue.</summary>
    public const string Faulted = "FAULTED";

    /// <summary>The broker confirmed it.</summary>
    public const string Sent = "SENT";

    public static IReadOnlyList<string> All { get; } = [Received, Started, Refused, Handled, Faulted, Sent];
}
