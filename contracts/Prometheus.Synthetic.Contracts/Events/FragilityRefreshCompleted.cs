using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Outbound: the fragility refresh of a market has ended; lists its adversarial sets, which are defensive tests, and every part that has none.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record FragilityRefreshCompleted
{
    /// <summary>Deterministic id of the refresh.</summary>
    [JsonPropertyName("refresh_id")]
    public required Guid RefreshId { get; init; }

    /// <summary>Market family, e.g. <c>US_EQ</c>.</summary>
    [JsonPropertyName("market_id")]
    public required string MarketId { get; init; }

    /// <summary>Last day whose data were used.</summary>
    [JsonPropertyName("as_of_date")]
    public required DateOnly AsOfDate { get; init; }

    /// <summary>Model and version that made the scores.</summary>
    [JsonPropertyName("model_id")]
    public required string ModelId { get; init; }

    /// <summary>Always true: the sets exist to test one's own resilience and for nothing else.</summary>
    [JsonPropertyName("defensive_test")]
    public required bool DefensiveTest { get; init; }

    /// <summary>1, and one more each time the parts without a set are tried again or newer scores supersede the refresh.</summary>
    [JsonPropertyName("round")]
    public required int Round { get; init; }

    /// <summary>One of <see cref="RefreshOutcomes"/>.</summary>
    [JsonPropertyName("outcome")]
    public required string Outcome { get; init; }

    /// <summary>The policy that the refresh followed.</summary>
    [JsonPropertyName("policy")]
    public required PolicyReference Policy { get; init; }

    /// <summary>The sets, in the policy's order; empty when no part has one.</summary>
    [JsonPropertyName("sets")]
    public required IReadOnlyList<RefreshedSet> Sets { get; init; }

    /// <summary>The parts without a set; empty when complete.</summary>
    [JsonPropertyName("degraded")]
    public required IReadOnlyList<RefreshShortfall> Degraded { get; init; }

    /// <summary>UTC instant at which the round began.</summary>
    [JsonPropertyName("started_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>UTC instant at which the last part ended.</summary>
    [JsonPropertyName("completed_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset CompletedAt { get; init; }
}
