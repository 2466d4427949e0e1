using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Inbound: the fragility engine has scored a market as of a date. Starts the fragility refresh of that market.
/// Natural key: market_id, as_of_date, model_id. Members marked required are nullable here so that a message without
/// them can be read and answered with an error that names them.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record FragilityComputed
{
    /// <summary>Required. Market that was scored, e.g. <c>US_EQ</c>.</summary>
    [JsonPropertyName("market_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MarketId { get; init; }

    /// <summary>Required. End of this day in the market's own calendar; only data up to it were used.</summary>
    [JsonPropertyName("as_of_date"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? AsOfDate { get; init; }

    /// <summary>Required. Model and version that made the scores, as in the fragility tables.</summary>
    [JsonPropertyName("model_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModelId { get; init; }

    /// <summary>Required. Region of the regime labels, e.g. <c>US</c>, <c>EU</c>, <c>GLOBAL</c>.</summary>
    [JsonPropertyName("region"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Region { get; init; }

    /// <summary>Optional. The most fragile entities. Absent: they are read from the fragility and soft-target tables.</summary>
    [JsonPropertyName("top_targets"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FragileTarget>? TopTargets { get; init; }
}
