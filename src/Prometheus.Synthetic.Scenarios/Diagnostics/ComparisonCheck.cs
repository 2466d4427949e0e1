namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>What the sampled paths say of one figure in two sets.</summary>
public enum ComparisonVerdict
{
    /// <summary>No difference beyond the sampling error.</summary>
    Alike,
    Different,
    NotApplicable,
}

/// <summary>One property of two sets side by side.</summary>
/// <param name="Name">As in the fidelity checks, e.g. <c>volatility</c>.</param>
/// <param name="Subject">The driver, pair or portfolio that differs most.</param>
/// <param name="First">The first set's figure for the subject; null when not applicable.</param>
/// <param name="Second">The second set's.</param>
/// <param name="StandardErrors">Their distance in standard errors of the difference.</param>
/// <param name="Threshold">Distance from which they are different: one false alarm in a thousand checks.</param>
/// <param name="Subjects">How many drivers or pairs were compared.</param>
public sealed record ComparisonCheck(
    string Name,
    ComparisonVerdict Verdict,
    string? Subject,
    double? First,
    double? Second,
    double? StandardErrors,
    double Threshold,
    int Subjects,
    string Explanation
);
