using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Audit;

/// <summary>One deed.</summary>
/// <param name="Action">One of <see cref="AuditActions"/>, upper case.</param>
/// <param name="Actor">User or "system".</param>
/// <param name="EngineVersion">Product version of the process that did it.</param>
public sealed record AuditEntry(string Action, string Actor, string EngineVersion)
{
    public Guid? ScenarioSetId { get; init; }

    public string? Reason { get; init; }

    /// <summary>The message that caused it, where one did.</summary>
    public Guid? MessageId { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Details { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The entry with one more detail.</summary>
    public AuditEntry With<T>(string name, T value) =>
        this with
        {
            Details = new Dictionary<string, JsonElement>(Details)
            {
                [name] = JsonSerializer.SerializeToElement(value),
            },
        };
}

/// <summary>An entry as it stands in the trail.</summary>
/// <param name="Number">Position in the trail; ascends.</param>
public sealed record RecordedAuditEntry(long Number, DateTimeOffset At, AuditEntry Entry);

/// <summary>Names of deeds.</summary>
public static class AuditActions
{
    public const string Sealed = "SEALED";
    public const string Abandoned = "ABANDONED";
    public const string Evicted = "EVICTED";
    public const string Rehydrated = "REHYDRATED";
    public const string Deleted = "DELETED";
    public const string Tagged = "TAGGED";
    public const string Untagged = "UNTAGGED";
    public const string Verified = "VERIFIED";
    public const string Exported = "EXPORTED";
    public const string Imported = "IMPORTED";
    public const string RetentionSet = "RETENTION_SET";
    public const string RetentionRemoved = "RETENTION_REMOVED";
    public const string MessageReplayed = "MESSAGE_REPLAYED";
    public const string MessageDiscarded = "MESSAGE_DISCARDED";
    public const string EventReplayed = "EVENT_REPLAYED";
    public const string SagaCancelled = "SAGA_CANCELLED";
    public const string SagaRetried = "SAGA_RETRIED";
}
