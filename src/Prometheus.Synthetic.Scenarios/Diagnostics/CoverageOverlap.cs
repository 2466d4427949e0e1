namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// The regions of two sets, each classified by its own history: of one market and horizon they mean the same.
/// </summary>
/// <param name="Both">Number of regions that both occupy.</param>
/// <param name="CommonProbability">
/// Σ over regions of the smaller of the two probabilities: 1 when the sets spread alike, 0 when they share nothing.
/// </param>
public sealed record CoverageOverlap(
    int Both,
    double CommonProbability,
    IReadOnlyList<CoverageCell> OnlyFirst,
    IReadOnlyList<CoverageCell> OnlySecond
)
{
    public static CoverageOverlap Of(CoverageReport first, CoverageReport second)
    {
        var one = first.Cells.ToDictionary(Coverage.Region);
        var two = second.Cells.ToDictionary(Coverage.Region);
        return new CoverageOverlap(
            one.Keys.Count(two.ContainsKey),
            one.Sum(c =>
                two.TryGetValue(c.Key, out CoverageCell? o) ? Math.Min(c.Value.Probability, o.Probability) : 0
            ),
            [.. first.Cells.Where(c => !two.ContainsKey(Coverage.Region(c)))],
            [.. second.Cells.Where(c => !one.ContainsKey(Coverage.Region(c)))]
        );
    }
}
