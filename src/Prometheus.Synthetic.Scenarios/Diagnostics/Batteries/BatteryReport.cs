namespace Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;

/// <summary>A set as a member of a battery.</summary>
/// <param name="Paths">All its paths.</param>
/// <param name="Coverage">Null when its diagnostics were not computed.</param>
public sealed record BatteryMember(
    Guid ScenarioSetId,
    string Name,
    int Version,
    string Category,
    int Paths,
    CoverageReport? Coverage
);

/// <summary>One trait over all sets.</summary>
/// <param name="HistoryShare">Share of history's windows that have it.</param>
/// <param name="SampledPaths">Sampled paths of all sets that have it.</param>
/// <param name="Sets">Names of the sets that have such a path.</param>
/// <param name="Needed">Whether the gate wants it.</param>
public sealed record BatteryTrait(
    string Dimension,
    string Trait,
    double HistoryShare,
    int SampledPaths,
    IReadOnlyList<string> Sets,
    bool Needed
)
{
    public bool Reached => SampledPaths > 0;
}

/// <summary>A region where history was and no set goes.</summary>
/// <param name="Region">The region; <c>Probability</c> is its share of history's windows.</param>
/// <param name="FilledBy">A request that would make such paths.</param>
public sealed record BatteryGap(CoverageCell Region, string FilledBy);

/// <summary>Something the gate wants and the sets do not have.</summary>
/// <param name="Need">What is wanted, e.g. <c>radius EXTREME</c>.</param>
/// <param name="Found">What there is instead.</param>
/// <param name="FilledBy">A request that would fill it; null when more of the same does.</param>
public sealed record BatteryLack(string Need, string Found, string? FilledBy);

/// <summary>Do these sets together cover what a gate needs?</summary>
/// <param name="Covered">Yes when nothing lacks.</param>
/// <param name="HistoryShareReached">Share of history's windows whose region some set reaches; null without history.</param>
/// <param name="Gaps">Regions of history that no set reaches, most frequent first.</param>
/// <param name="Notes">What could not be judged.</param>
public sealed record BatteryReport(
    bool Covered,
    string Needs,
    int Paths,
    double? HistoryShareReached,
    double HistoryShareNeeded,
    IReadOnlyList<BatteryLack> Lacks,
    IReadOnlyList<BatteryTrait> Traits,
    IReadOnlyList<BatteryGap> Gaps,
    IReadOnlyList<string> Notes
);
