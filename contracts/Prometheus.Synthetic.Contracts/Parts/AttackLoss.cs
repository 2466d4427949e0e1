using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Whom a FRAGILITY_ADVERSARIAL set hurts and by how much: losses compounded over the horizon as a share of value, 0.2
/// for a fifth; means over the assessed paths. The whole comparison, by template too, stands in the set's record.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record AttackLoss
{
    /// <summary>Paths that were assessed, from the first on; 1 or more.</summary>
    [JsonPropertyName("paths_assessed")]
    public required int PathsAssessed { get; init; }

    /// <summary>Different attacks among them; 1 or more.</summary>
    [JsonPropertyName("attacks_assessed")]
    public required int AttacksAssessed { get; init; }

    /// <summary>Mean loss of whom an attack is aimed at: all targets, or the one.</summary>
    [JsonPropertyName("mean_attacked")]
    public required double MeanAttacked { get; init; }

    /// <summary>Mean loss of all targets together, by score.</summary>
    [JsonPropertyName("mean_targets")]
    public required double MeanTargets { get; init; }

    /// <summary>Mean loss of the broad market: all instruments alike.</summary>
    [JsonPropertyName("mean_market")]
    public required double MeanMarket { get; init; }

    /// <summary>mean_attacked / mean_market; absent when the market gains.</summary>
    [JsonPropertyName("attacked_ratio"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AttackedRatio { get; init; }

    /// <summary>mean_targets / mean_market; absent when the market gains.</summary>
    [JsonPropertyName("targets_ratio"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TargetsRatio { get; init; }

    /// <summary>
    /// Chance, 0 to 1, of the attacked losing that much more than the market were there no difference, counting attacks
    /// and not paths; absent with fewer than two attacks, or when all of them agree exactly.
    /// </summary>
    [JsonPropertyName("attacked_p_value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AttackedPValue { get; init; }
}
