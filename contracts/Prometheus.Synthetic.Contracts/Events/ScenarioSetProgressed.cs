using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Outbound: a generation has come further. For displays; may be dropped or come out of order.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record ScenarioSetProgressed
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>The set in the making.</summary>
    [JsonPropertyName("scenario_set_id")]
    public required Guid ScenarioSetId { get; init; }

    /// <summary>Name of the lineage.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>One of <see cref="GenerationStages"/>.</summary>
    [JsonPropertyName("stage")]
    public required string Stage { get; init; }

    /// <summary>Shards stored, 0 to shards_total.</summary>
    [JsonPropertyName("shards_done")]
    public required int ShardsDone { get; init; }

    /// <summary>Shards of the plan; 0 while planning.</summary>
    [JsonPropertyName("shards_total")]
    public required int ShardsTotal { get; init; }

    /// <summary>Paths stored, 0 to paths_total.</summary>
    [JsonPropertyName("paths_done")]
    public required int PathsDone { get; init; }

    /// <summary>Paths of the request, 1 or more.</summary>
    [JsonPropertyName("paths_total")]
    public required int PathsTotal { get; init; }

    /// <summary>UTC instant of the observation: of two, the later one counts.</summary>
    [JsonPropertyName("occurred_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset OccurredAt { get; init; }
}
