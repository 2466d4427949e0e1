using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: call a refresh off. Sets that are sealed stay.</summary>
public sealed record CancelRefresh
{
    /// <summary>Deterministic id of the refresh.</summary>
    [JsonPropertyName("refresh_id")]
    public required Guid RefreshId { get; init; }

    /// <summary>Why, in words; goes into the failure events. Not empty.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>Person or system that calls it off.</summary>
    [JsonPropertyName("requested_by")]
    public required string RequestedBy { get; init; }
}
