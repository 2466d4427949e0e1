using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: the plan of one attempt is stored and its shards can be sent.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record ScenarioSetPlanned
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

    /// <summary>Shards of the plan, 1 or more, numbered from 0.</summary>
    [JsonPropertyName("shards_total")]
    public required int ShardsTotal { get; init; }

    /// <summary>Paths of the request, 1 or more.</summary>
    [JsonPropertyName("paths_total")]
    public required int PathsTotal { get; init; }

    /// <summary>One of <see cref="Lanes"/>.</summary>
    [JsonPropertyName("lane")]
    public required string Lane { get; init; }
}
