using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>One part of a refresh that is to be generated.</summary>
public sealed record RefreshPart
{
    /// <summary>Name of the part in the policy.</summary>
    [JsonPropertyName("part")]
    public required string Part { get; init; }

    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>What is asked, validated.</summary>
    [JsonPropertyName("request")]
    public required GenerateScenarioSet Request { get; init; }
}
