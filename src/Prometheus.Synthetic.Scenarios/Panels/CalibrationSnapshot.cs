using Prometheus.Synthetic.Scenarios.Custom;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// Everything a generator may see, frozen: nothing later than <paramref name="AsOf"/> is in it. Its canonical bytes
/// (<see cref="CalibrationSnapshotCodec"/>) are content-addressed, so restating history later changes no set.
/// </summary>
/// <param name="AsOf">End of the day whose knowledge this is.</param>
/// <param name="Panel">Complete history of the drivers, ragged history already resolved by policy.</param>
public sealed record CalibrationSnapshot(DateOnly AsOf, ShockPanel Panel)
{
    /// <summary>Regime labels aligned with the panel's days, when the request needs them.</summary>
    public RegimeHistory? Regimes { get; init; }

    /// <summary>Registered exposures, when the request needs them.</summary>
    public FactorExposures? Exposures { get; init; }

    /// <summary>Fragile entities as of the date, highest score first, when the request needs them.</summary>
    public IReadOnlyList<TargetEntity> Targets { get; init; } = [];

    /// <summary>Paths given by a file, over the panel's drivers; the panel then has no days. Null otherwise.</summary>
    public IGivenPaths? Given { get; init; }

    /// <summary>
    /// Panel days, ascending, before which at least one trading day of the window is missing from the panel (a driver
    /// had no value on it): two neighbours there are not consecutive trading days.
    /// </summary>
    public IReadOnlyList<int> GapsBefore { get; init; } = [];

    /// <summary>Scores of entities on the panel's days, in the order of <c>DataNeeds.ScoreHistories</c>.</summary>
    public IReadOnlyList<ScoreHistory> Scores { get; init; } = [];

    /// <summary>Sealed sets this one is made from, in the order of <c>DataNeeds.BaseSetIds</c>.</summary>
    public IReadOnlyList<BaseSet> BaseSets { get; init; } = [];
}
