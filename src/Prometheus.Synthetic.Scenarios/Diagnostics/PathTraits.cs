using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>How fat a path's tails are, by the Hill index of its pooled standardised shocks against history's windows.</summary>
public enum TailTrait
{
    Thin,
    Usual,
    Fat,
}

/// <summary>How much a path's drivers move together, by their mean correlation against history's windows.</summary>
public enum DependenceTrait
{
    Low,
    Usual,
    High,
}

/// <summary>How far a path's outcome lies from the middle, by the χ² level of its Mahalanobis distance.</summary>
public enum RadiusTrait
{
    /// <summary>Within the central 90 %.</summary>
    Central,

    /// <summary>Beyond 90 %, within 99.9 %.</summary>
    Outer,

    /// <summary>Beyond 99.9 %.</summary>
    Extreme,
}

/// <summary>Where a path lies in the space of what could happen.</summary>
/// <param name="Spectrum">Null when the horizon is too short for a spectrum.</param>
/// <param name="Regime">Regime of most of the path's source days; null when unknown.</param>
public readonly record struct PathTraits(
    TailTrait Tail,
    DependenceTrait Dependence,
    WindowClass? Spectrum,
    RadiusTrait Radius,
    string? Regime
);
