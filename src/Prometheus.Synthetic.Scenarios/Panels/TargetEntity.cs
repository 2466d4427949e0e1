namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>An entity that the stability and fragility engines call fragile on the as-of date.</summary>
/// <param name="EntityType">MARKET, ISSUER, SECTOR, FX, PORTFOLIO or POSITION.</param>
/// <param name="EntityId">Id within the type, e.g. an issuer_id.</param>
/// <param name="SoftTargetScore">In [0, 1]; high only when weakness, instability, fragility and complacent pricing align.</param>
/// <param name="Components">Parts of the score by name, each in [0, 1].</param>
/// <param name="InstrumentIds">The panel instruments that express the entity; may be empty.</param>
public sealed record TargetEntity(
    string EntityType,
    string EntityId,
    double SoftTargetScore,
    IReadOnlyDictionary<string, double> Components,
    IReadOnlyList<string> InstrumentIds
);
