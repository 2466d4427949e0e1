namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>The regime of each day of a panel, as the Regime Engine's model labelled it.</summary>
/// <param name="ModelId">The labelling model.</param>
/// <param name="Labels">One label per panel day; null where the model said nothing or was below the confidence floor.</param>
/// <param name="Confidence">One confidence in [0, 1] per panel day; NaN where unknown.</param>
public sealed record RegimeHistory(string ModelId, IReadOnlyList<string?> Labels, IReadOnlyList<double> Confidence);
