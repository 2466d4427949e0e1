namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>The worst plausible shock of a problem.</summary>
/// <param name="Shock">x, one value per coordinate.</param>
/// <param name="Loss">−e·x.</param>
/// <param name="Distance">Mahalanobis distance √(xᵀΣ⁻¹x), never above the radius.</param>
/// <param name="Binding">The bounds that hold; empty for the plain ball.</param>
/// <param name="RadiusUsedUp">False when the bounds, not plausibility, end the search.</param>
public sealed record WorstCase(
    double[] Shock,
    double Loss,
    double Distance,
    IReadOnlyList<BindingBound> Binding,
    bool RadiusUsedUp
)
{
    /// <summary>For an entropic worst case: relative entropy of its reweighted sample from the calibration days, nats.</summary>
    public double? Divergence { get; init; }
}
