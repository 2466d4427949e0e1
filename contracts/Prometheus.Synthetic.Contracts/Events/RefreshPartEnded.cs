using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: a generation that is a part of a refresh has ended, with a set or without.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record RefreshPartEnded
{
    /// <summary>The refresh that is told.</summary>
    [JsonPropertyName("refresh_id")]
    public required Guid RefreshId { get; init; }

    /// <summary>Deterministic id of the part's request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>Attempt of the request that ended, 1 or more.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>What was announced; absent when the part ended without a set.</summary>
    [JsonPropertyName("generated"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScenarioSetGenerated? Generated { get; init; }

    /// <summary>Why there is no set; absent when there is one.</summary>
    [JsonPropertyName("failed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScenarioSetGenerationFailed? Failed { get; init; }
}
