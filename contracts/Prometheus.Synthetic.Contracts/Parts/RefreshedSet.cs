using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>One set of a refresh.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record RefreshedSet
{
    /// <summary>Name of the part in the policy, e.g. <c>bootstrap-30d</c>.</summary>
    [JsonPropertyName("part")]
    public required string Part { get; init; }

    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>Primary key of the set.</summary>
    [JsonPropertyName("scenario_set_id")]
    public required Guid ScenarioSetId { get; init; }

    /// <summary>Name of the lineage.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Version within the lineage, 1 or more.</summary>
    [JsonPropertyName("version")]
    public required int Version { get; init; }

    /// <summary>One of <see cref="ScenarioCategories"/>.</summary>
    [JsonPropertyName("category")]
    public required string Category { get; init; }

    /// <summary>Hash of every value of the set: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    [JsonPropertyName("content_hash")]
    public required string ContentHash { get; init; }

    /// <summary>True when the part's definition had not changed and its set of an earlier refresh stands.</summary>
    [JsonPropertyName("unchanged")]
    public required bool Unchanged { get; init; }
}
