using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>A named stretch of history.</summary>
/// <param name="Id">How specs name it.</param>
/// <param name="Span">First and last day.</param>
/// <param name="Source">What the two days are, and who dates them so.</param>
public sealed record Episode(string Id, string Title, DateSpan Span, string Source);
