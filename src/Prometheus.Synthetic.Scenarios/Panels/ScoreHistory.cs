namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>An entity's score, wanted on every day of the panel.</summary>
/// <param name="Table"><c>stability</c>, <c>fragility</c> or <c>soft_target</c>.</param>
/// <param name="EntityType">MARKET, ISSUER, SECTOR, FX, PORTFOLIO or POSITION.</param>
public sealed record ScoreSeriesNeed(string Table, string EntityType, string EntityId)
{
    /// <summary>The scoring model; null takes the one that scored the entity last.</summary>
    public string? ModelId { get; init; }

    /// <summary>Oldest age, in calendar days, at which a score still stands for a day.</summary>
    public int CarryDays { get; init; }

    /// <summary>Where it was asked for, for refusals.</summary>
    public string Field { get; init; } = "generator_spec";
}

/// <summary>An entity's score as it stood on each day of a panel.</summary>
/// <param name="Scores">One per panel day; NaN where the model had said nothing, or too long ago.</param>
/// <param name="Classes">One per panel day; null where the model gives no class.</param>
public sealed record ScoreHistory(
    string Table,
    string EntityType,
    string EntityId,
    string ModelId,
    IReadOnlyList<double> Scores,
    IReadOnlyList<string?> Classes
);
