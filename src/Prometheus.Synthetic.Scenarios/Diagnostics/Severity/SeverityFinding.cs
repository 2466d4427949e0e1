namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>PASS, LIGHTER (the set is less severe than the figure says), HEAVIER, or UNDECIDED with the reason.</summary>
public enum SeverityVerdict
{
    Pass,
    Lighter,
    Heavier,
    Undecided,
}

/// <summary>What a severity check found; stored with the sealed set.</summary>
/// <param name="Subject">The driver.</param>
/// <param name="Tail"><c>lower</c> for losses, <c>upper</c>.</param>
/// <param name="Kind"><c>tail_index</c> or <c>gev</c>.</param>
/// <param name="Measure">What expected and observed are figures of.</param>
/// <param name="Expected">What the external figure says of it.</param>
/// <param name="Observed">What the set's sampled paths say; null when undecided for want of an estimate.</param>
/// <param name="StandardError">Of the observed figure.</param>
/// <param name="Lowest">Below it the verdict is LIGHTER.</param>
/// <param name="Highest">Above it HEAVIER.</param>
/// <param name="PathsSampled">Paths looked at.</param>
/// <param name="Source">Where the external figure comes from, in the caller's words.</param>
/// <param name="Explanation">How it was judged, or why it was not, in one sentence.</param>
public sealed record SeverityFinding(
    string Subject,
    string Tail,
    string Kind,
    SeverityVerdict Verdict,
    string Measure,
    double Expected,
    double? Observed,
    double? StandardError,
    double? Lowest,
    double? Highest,
    int PathsSampled,
    string? Source,
    string Explanation
);
