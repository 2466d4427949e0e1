using System.Text.Json;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>
/// What the refreshes of one market family make: a versioned file, checked before it is used, hashed, and recorded with
/// every set that it asked for.
/// </summary>
/// <param name="Name">E.g. <c>us-eq</c>.</param>
/// <param name="Version">1 or more; raised by whoever changes the file.</param>
/// <param name="Market">Market family that it covers, e.g. <c>US_EQ</c>.</param>
/// <param name="Hash">Of the canonical content: <c>sha256:</c> and 64 hexadecimal digits.</param>
public sealed record RefreshPolicy(
    string Name,
    int Version,
    string Market,
    string Description,
    string Hash,
    IReadOnlyList<PolicyPart> Monthly,
    IReadOnlyList<PolicyPart> Fragility
)
{
    /// <summary>As it stands in requests and events.</summary>
    public PolicyReference Reference =>
        new()
        {
            Name = Name,
            Version = Version,
            Hash = Hash,
        };
}

/// <summary>One set that a refresh makes.</summary>
/// <param name="Part">Name within the policy, e.g. <c>bootstrap-30d</c>.</param>
/// <param name="Name">Template of the lineage's name; see <see cref="PolicyTemplate"/>.</param>
/// <param name="Description">Template of the description.</param>
/// <param name="Markets">Covered markets; the policy's own when the file names none.</param>
/// <param name="HistoryYears">Calibration window before the as-of date in years; null for all history.</param>
/// <param name="Refresh">When a monthly part is made.</param>
/// <param name="Targets">Whom a fragility part aims at; null in a monthly part.</param>
public sealed record PolicyPart(
    string Part,
    string Name,
    string Description,
    string Category,
    int HorizonDays,
    int NumPaths,
    IReadOnlyList<string> Markets,
    int? HistoryYears,
    IReadOnlyList<string>? RegimeFilter,
    JsonElement? UniverseFilter,
    JsonElement? GeneratorSpec,
    IReadOnlyList<string> Tags,
    RefreshRule Refresh,
    TargetRule? Targets
);

/// <summary>When a monthly part is made.</summary>
public enum RefreshRule
{
    /// <summary>Every month.</summary>
    Always,

    /// <summary>Only when its definition or the numerics changed since the lineage's current set was made.</summary>
    WhenDefinitionChanged,
}

/// <summary>Whom a fragility part aims at and how hard.</summary>
/// <param name="TopK">Number of targets.</param>
/// <param name="MinScore">Least soft-target score, 0 to 1.</param>
/// <param name="Severity">Radius of plausibility, a Mahalanobis distance in standard deviations.</param>
/// <param name="Templates">Named adversary perspectives; none leaves the choice to the family.</param>
public sealed record TargetRule(int? TopK, double? MinScore, double Severity, IReadOnlyList<string> Templates);
