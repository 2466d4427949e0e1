using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Worker.Health;

/// <summary>What <c>/health/ready</c> answers.</summary>
public sealed record ReadinessReport
{
    /// <summary><c>ready</c> or <c>not ready</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>What keeps the worker from working; empty when ready.</summary>
    [JsonPropertyName("obstacles")]
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>Schema version of the database; null when it does not answer.</summary>
    [JsonPropertyName("schema_version")]
    public int? SchemaVersion { get; init; }

    /// <summary>Schema version that this worker needs.</summary>
    [JsonPropertyName("schema_version_needed")]
    public required int SchemaVersionNeeded { get; init; }

    /// <summary>Sagas that have not ended.</summary>
    [JsonPropertyName("open_sagas")]
    public int? OpenSagas { get; init; }

    /// <summary>Seconds since the open saga that waits longest last got further; null when none is open.</summary>
    [JsonPropertyName("lag_seconds")]
    public double? LagSeconds { get; init; }

    /// <summary>Messages that wait, by queue; queues of dead messages only when there are any.</summary>
    [JsonPropertyName("waiting")]
    public IReadOnlyDictionary<string, uint>? Waiting { get; init; }
}
