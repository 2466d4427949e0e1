namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>PASS, WARN, or NOT_APPLICABLE with the reason in the explanation.</summary>
public enum Verdict
{
    Pass,
    Warn,
    NotApplicable,
}

/// <summary>One property of the set held against the calibration sample.</summary>
/// <param name="Name">E.g. <c>volatility</c>, <c>autocorrelation_abs</c>.</param>
/// <param name="Subject">The driver (or pair, or <c>PORTFOLIO</c>) that is furthest off.</param>
/// <param name="Set">The set's figure for the subject; null when not applicable.</param>
/// <param name="History">The calibration sample's.</param>
/// <param name="StandardErrors">Their distance in standard errors of the set's figure, by its own spread or history's, whichever is larger.</param>
/// <param name="Threshold">Distance from which the verdict is WARN: one false alarm in a thousand checks.</param>
/// <param name="Subjects">How many drivers or pairs were compared.</param>
/// <param name="Explanation">What is compared, in one sentence.</param>
public sealed record FidelityCheck(
    string Name,
    Verdict Verdict,
    string? Subject,
    double? Set,
    double? History,
    double? StandardErrors,
    double Threshold,
    int Subjects,
    string Explanation
);
