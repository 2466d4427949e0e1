using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: every shard is in; check manifest and hashes, assign the version, make the set visible.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record SealScenarioSet
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>The set in the making.</summary>
    [JsonPropertyName("scenario_set_id")]
    public required Guid ScenarioSetId { get; init; }

    /// <summary>Attempt of the request, 1 or more.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }
}
