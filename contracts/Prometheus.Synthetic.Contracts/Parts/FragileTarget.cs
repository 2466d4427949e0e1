using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>One entity that the fragility engine scores as a soft target. Part of <see cref="FragilityComputed"/>.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record FragileTarget
{
    /// <summary>Required. One of <see cref="EntityTypes"/>.</summary>
    [JsonPropertyName("entity_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EntityType { get; init; }

    /// <summary>Required. Id within the type, e.g. an issuer_id.</summary>
    [JsonPropertyName("entity_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EntityId { get; init; }

    /// <summary>Required. In [0, 1], 1 most fragile: weakness, instability, fragility and complacent pricing align.</summary>
    [JsonPropertyName("soft_target_score"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SoftTargetScore { get; init; }

    /// <summary>Optional. Parts of the score by name, each in [0, 1], e.g. weak_profile, instability.</summary>
    [JsonPropertyName("components"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? Components { get; init; }
}
