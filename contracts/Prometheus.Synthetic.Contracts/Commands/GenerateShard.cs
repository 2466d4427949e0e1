using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: generate and store one range of paths. Doing it twice stores it once.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record GenerateShard
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>The set in the making.</summary>
    [JsonPropertyName("scenario_set_id")]
    public required Guid ScenarioSetId { get; init; }

    /// <summary>Attempt of the request, 1 or more; a shard of another attempt is not written.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>Number of the shard in the plan, 0 to shards_total − 1.</summary>
    [JsonPropertyName("shard")]
    public required int Shard { get; init; }

    /// <summary>First path (scenario_id) of the shard, 0 or more.</summary>
    [JsonPropertyName("first_path")]
    public required int FirstPath { get; init; }

    /// <summary>Paths in the shard, 1 or more.</summary>
    [JsonPropertyName("path_count")]
    public required int PathCount { get; init; }

    /// <summary>One of <see cref="Lanes"/>.</summary>
    [JsonPropertyName("lane")]
    public required string Lane { get; init; }
}
