using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Inbound: the month's data of a market family are complete, its baseline sets are to be refreshed.
/// Natural key: market_id, month. Members marked required are nullable here so that a message without them can be read
/// and answered with an error that names them.
/// </summary>
public sealed record MonthlyRefreshDue
{
    /// <summary>Required. Market family, e.g. <c>US_EQ</c>.</summary>
    [JsonPropertyName("market_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MarketId { get; init; }

    /// <summary>Required. Calendar month that is due, <c>yyyy-MM</c>.</summary>
    [JsonPropertyName("month"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Month { get; init; }

    /// <summary>Required. Last day whose data may be used, end of day in the market's own calendar.</summary>
    [JsonPropertyName("as_of_date"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? AsOfDate { get; init; }

    /// <summary>Optional, default false. True makes new versions although identical sets exist.</summary>
    [JsonPropertyName("force_new_version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ForceNewVersion { get; init; }
}
