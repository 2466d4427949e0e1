namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Sum and count of a block of consecutive days; the figure is Σ sum / Σ count over blocks. A count of 0 says that the
/// block has nothing to tell.
/// </summary>
/// <param name="a">The subject's series, for its reference moments and quantiles.</param>
/// <param name="b">The second of a pair; the same as <paramref name="a"/> otherwise.</param>
/// <param name="own">Means of the sample that the block is of.</param>
/// <param name="x">The block's values of the first.</param>
/// <param name="y">The block's values of the second.</param>
internal delegate (double Sum, double Count) BlockFigure(
    Series a,
    Series b,
    OwnMeans own,
    ReadOnlySpan<double> x,
    ReadOnlySpan<double> y
);

/// <summary>
/// Means of a sample itself. A correlation is taken about them and not about the reference, so that a stressed set does
/// not look more correlated than it is; their own error does not count to first order.
/// </summary>
/// <param name="A">Mean of the first series.</param>
/// <param name="B">Mean of the second.</param>
/// <param name="AbsoluteA">Mean size of the first.</param>
internal readonly record struct OwnMeans(double A, double B, double AbsoluteA);

/// <summary>What a fact is measured on.</summary>
internal enum FactScope
{
    EachDriver,
    Pairs,

    /// <summary>The portfolio alone (the last driver without one), and history cut into windows as long as a path.</summary>
    Rhythm,
}

/// <summary>Which total must hold enough events for a normal error to mean something.</summary>
internal enum RareEvents
{
    None,
    Sum,
    Count,
}

/// <summary>A property of returns that a set and its reference are compared by.</summary>
/// <param name="Explanation">What the figure is, in one sentence.</param>
/// <param name="FewestSteps">Shortest path that shows it.</param>
internal sealed record Fact(
    string Name,
    string Explanation,
    BlockFigure Of,
    FactScope Scope = FactScope.EachDriver,
    int FewestSteps = 1,
    RareEvents Rare = RareEvents.None
)
{
    /// <summary>Events expected at least: below, the share's distribution is far from normal.</summary>
    public const double FewestEvents = 20;

    /// <summary>How the figure is shown, e.g. the root of a variance.</summary>
    public Func<double, double> Shown { get; init; } = static x => x;

    /// <summary>The subjects among some series: names and the positions of one or two series.</summary>
    public IReadOnlyList<(string Name, int A, int B)> Subjects(IReadOnlyList<Series> series) =>
        Scope switch
        {
            FactScope.EachDriver => [.. series.Select((s, i) => (s.Name, i, i))],
            FactScope.Rhythm => [(series[^1].Name, series.Count - 1, series.Count - 1)],
            // Neighbours in canonical order, each with the first, and each with the portfolio or last: enough to see a
            // dependence that is off.
            _ =>
            [
                .. Enumerable
                    .Range(0, series.Count - 1)
                    .Select(i => (i, i + 1))
                    .Concat(Enumerable.Range(2, Math.Max(0, series.Count - 2)).Select(i => (0, i)))
                    .Concat(Enumerable.Range(0, Math.Max(0, series.Count - 2)).Select(i => (i, series.Count - 1)))
                    .Distinct()
                    .Select(p => ($"{series[p.Item1].Name} ~ {series[p.Item2].Name}", p.Item1, p.Item2)),
            ],
        };
}
