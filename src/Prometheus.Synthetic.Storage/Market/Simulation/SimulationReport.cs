namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>What <see cref="SimulatedMarketStore"/> wrote.</summary>
/// <param name="FirstDate">First trading day.</param>
/// <param name="LastDate">Last trading day: the as-of date to ask sets for.</param>
/// <param name="Instruments">Instruments per market.</param>
/// <param name="Rows">Rows per table.</param>
/// <param name="RegimeDays">Days per regime label of region GLOBAL.</param>
public sealed record SimulationReport(
    ulong Seed,
    int Years,
    DateOnly FirstDate,
    DateOnly LastDate,
    IReadOnlyDictionary<string, int> Instruments,
    IReadOnlyDictionary<string, long> Rows,
    IReadOnlyDictionary<string, int> RegimeDays
);

/// <param name="Stage">Market or table that is being written.</param>
/// <param name="Fraction">Part of the whole that is done, 0..1.</param>
public sealed record SimulationProgress(string Stage, double Fraction);
