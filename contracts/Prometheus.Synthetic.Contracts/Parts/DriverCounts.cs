using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>How many drivers (columns) of each kind a set holds; each 0 or more, together at least 1.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record DriverCounts
{
    /// <summary>Instruments, each a simple return per step.</summary>
    [JsonPropertyName("instruments")]
    public required int Instruments { get; init; }

    /// <summary>Factors, each a simple return per step.</summary>
    [JsonPropertyName("factors")]
    public required int Factors { get; init; }

    /// <summary>Macro series, each a change of level per step in the series' own unit.</summary>
    [JsonPropertyName("macros")]
    public required int Macros { get; init; }
}
