using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: begins a monthly refresh whose parts are laid out, or answers with what it has already become.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record StartMonthlyRefresh
{
    /// <summary>Deterministic id of the refresh.</summary>
    [JsonPropertyName("refresh_id")]
    public required Guid RefreshId { get; init; }

    /// <summary>Market family, e.g. <c>US_EQ</c>.</summary>
    [JsonPropertyName("market_id")]
    public required string MarketId { get; init; }

    /// <summary>Calendar month, <c>yyyy-MM</c>.</summary>
    [JsonPropertyName("month")]
    public required string Month { get; init; }

    /// <summary>Last day whose data may be used.</summary>
    [JsonPropertyName("as_of_date")]
    public required DateOnly AsOfDate { get; init; }

    /// <summary>The policy that the refresh follows.</summary>
    [JsonPropertyName("policy")]
    public required PolicyReference Policy { get; init; }

    /// <summary>Message id of the inbound message that led here.</summary>
    [JsonPropertyName("causation_message_id")]
    public required Guid CausationMessageId { get; init; }

    /// <summary>The parts to generate, in the policy's order.</summary>
    [JsonPropertyName("parts")]
    public required IReadOnlyList<RefreshPart> Parts { get; init; }

    /// <summary>Parts whose sets of an earlier refresh stand.</summary>
    [JsonPropertyName("unchanged")]
    public required IReadOnlyList<RefreshedSet> Unchanged { get; init; }

    /// <summary>Parts that were refused before any work.</summary>
    [JsonPropertyName("refused")]
    public required IReadOnlyList<RefreshShortfall> Refused { get; init; }

    /// <summary>Asks to try the parts without a set again if this round is the last one and ended; absent: a repetition tries nothing again.</summary>
    [JsonPropertyName("retry_of_round"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryOfRound { get; init; }
}
