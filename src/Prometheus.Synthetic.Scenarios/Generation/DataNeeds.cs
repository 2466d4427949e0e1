namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>What a family wants in its calibration snapshot besides the instruments' returns.</summary>
public sealed record DataNeeds
{
    /// <summary>Factor returns of the panel's days as FACTOR drivers (all factors, or those named).</summary>
    public bool Factors { get; init; }

    public IReadOnlyList<string>? FactorIds { get; init; }

    /// <summary>Registered exposures of a factor model; null when none are needed.</summary>
    public string? FactorModelId { get; init; }

    /// <summary>Macro series by id, as MACRO drivers in level changes.</summary>
    public IReadOnlyList<string> MacroIds { get; init; } = [];

    /// <summary>Regime labels (also loaded whenever the request filters by regime).</summary>
    public bool Regimes { get; init; }

    /// <summary>Scores of entities on every day of the panel.</summary>
    public IReadOnlyList<Panels.ScoreSeriesNeed> ScoreHistories { get; init; } = [];

    /// <summary>The number of fragile entities wanted, 0 for none.</summary>
    public int TargetCount { get; init; }
}
