using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>One part of a refresh that has no set, and why.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record RefreshShortfall
{
    /// <summary>Name of the part in the policy.</summary>
    [JsonPropertyName("part")]
    public required string Part { get; init; }

    /// <summary>Name that the set would have had.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>One of <see cref="FailureStates"/>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>At least one reason.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<GenerationError> Errors { get; init; }

    /// <summary>True when asking again may succeed without change.</summary>
    [JsonPropertyName("retryable")]
    public required bool Retryable { get; init; }
}
