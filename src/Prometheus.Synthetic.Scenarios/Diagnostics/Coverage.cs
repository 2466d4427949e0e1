using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>One occupied region; a property that is not defined is <c>UNKNOWN</c>.</summary>
/// <param name="Paths">Sampled paths (or windows of history) in it.</param>
/// <param name="Probability">Their share by the paths' probabilities, or by number where they carry none.</param>
public sealed record CoverageCell(
    string Tail,
    string Dependence,
    string Spectrum,
    string Radius,
    string Regime,
    int Paths,
    double Probability
);

/// <summary>A trait that no sampled path has.</summary>
/// <param name="Dimension">tail, dependence, spectrum, radius or regime.</param>
/// <param name="HistoryShare">Share of history's windows that have it: what the set leaves out although it happened.</param>
/// <param name="FilledBy">A request that would make such paths.</param>
public sealed record CoverageGap(string Dimension, string Trait, double HistoryShare, string FilledBy);

/// <summary>A region that windows of history lie in and no sampled path does.</summary>
/// <param name="Windows">Windows of history in it.</param>
/// <param name="HistoryShare">Their share.</param>
/// <param name="FilledBy">A request that would make such paths.</param>
public sealed record RegionGap(
    string Tail,
    string Dependence,
    string Spectrum,
    string Radius,
    string Regime,
    int Windows,
    double HistoryShare,
    string FilledBy
);

/// <summary>Where a set's paths lie in tail × dependence × spectrum × radius × regime.</summary>
/// <param name="PathsSampled">Paths looked at.</param>
/// <param name="Regions">Number of regions that could be occupied, given the horizon and the labels in history.</param>
/// <param name="RegionsOfHistory">Regions that history's windows occupy.</param>
/// <param name="RegionsOfHistoryReached">Of those, the ones the set reaches too.</param>
/// <param name="History">The regions of history's windows, by number.</param>
public sealed record CoverageReport(
    int PathsSampled,
    int Regions,
    int RegionsOfHistory,
    int RegionsOfHistoryReached,
    IReadOnlyList<CoverageCell> Cells,
    IReadOnlyList<CoverageGap> Gaps,
    IReadOnlyList<CoverageCell> History
)
{
    /// <summary>The regions of history that the set leaves empty, the most frequent first.</summary>
    public IReadOnlyList<RegionGap> RegionGaps { get; init; } = [];
}

internal static class Coverage
{
    public const string Unknown = "UNKNOWN";

    public static CoverageReport Of(IReadOnlyList<PathTraits> paths, PathWeights weights, TraitClassifier classifier)
    {
        PathTraits[] history = [.. classifier.History];
        // A set without source days has no regimes: it is compared with history in the other dimensions.
        if (paths.All(p => p.Regime is null))
            history = [.. history.Select(h => h with { Regime = null })];
        CoverageCell[] cells = Cells(paths, weights);
        CoverageCell[] historyCells = history.Length > 0 ? Cells(history, PathWeights.Equal(history.Length)) : [];
        var occupied = cells.Select(Region).ToHashSet();
        Dimension[] dimensions = [.. Dimensions(classifier.Regimes).Where(d => paths.Any(p => d.Trait(p) is not null))];
        return new CoverageReport(
            paths.Count,
            dimensions.Aggregate(1, (n, d) => n * d.Traits.Count),
            historyCells.Length,
            historyCells.Count(c => occupied.Contains(Region(c))),
            cells,
            [.. dimensions.SelectMany(d => Gaps(d, paths, history))],
            historyCells
        )
        {
            RegionGaps = [.. historyCells.Where(c => !occupied.Contains(Region(c))).Select(Gap)],
        };
    }

    private static CoverageCell[] Cells(IReadOnlyList<PathTraits> paths, PathWeights weights) =>
        [
            .. Enumerable
                .Range(0, paths.Count)
                .GroupBy(p => Cell(paths[p]))
                .Select(g => g.Key with { Paths = g.Count(), Probability = g.Sum(p => weights[p]) })
                .OrderByDescending(c => c.Paths)
                .ThenBy(c => Region(c).ToString(), StringComparer.Ordinal),
        ];

    private static IEnumerable<CoverageGap> Gaps(
        Dimension dimension,
        IReadOnlyList<PathTraits> paths,
        PathTraits[] history
    ) =>
        dimension
            .Traits.Where(t => paths.All(p => dimension.Trait(p) != t.Name))
            .Select(t => new CoverageGap(
                dimension.Name,
                t.Name,
                history.Length == 0 ? 0 : history.Count(h => dimension.Trait(h) == t.Name) / (double)history.Length,
                t.FilledBy
            ));

    private static RegionGap Gap(CoverageCell c) =>
        new(c.Tail, c.Dependence, c.Spectrum, c.Radius, c.Regime, c.Paths, c.Probability, CoverageAdvice.ForRegion(c));

    private static Dimension[] Dimensions(IReadOnlyList<string> regimes) =>
        [
            new("tail", p => Name(p.Tail), All<TailTrait>(CoverageAdvice.For)),
            new("dependence", p => Name(p.Dependence), All<DependenceTrait>(CoverageAdvice.For)),
            new("spectrum", p => Name(p.Spectrum), All<WindowClass>(CoverageAdvice.For)),
            new("radius", p => Name<RadiusTrait>(p.Radius), All<RadiusTrait>(CoverageAdvice.For)),
            new("regime", p => p.Regime, [.. regimes.Select(r => (r, CoverageAdvice.ForRegime(r)))]),
        ];

    private static (string, string)[] All<T>(Func<T, string> advice)
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(t => (Name<T>(t)!, advice(t)))];

    private static CoverageCell Cell(PathTraits p) =>
        new(
            Name(p.Tail) ?? Unknown,
            Name(p.Dependence) ?? Unknown,
            Name(p.Spectrum) ?? Unknown,
            Name<RadiusTrait>(p.Radius) ?? Unknown,
            p.Regime ?? Unknown,
            0,
            0
        );

    /// <summary>The region alone.</summary>
    internal static (string, string, string, string, string) Region(CoverageCell c) =>
        (c.Tail, c.Dependence, c.Spectrum, c.Radius, c.Regime);

    private static string? Name<T>(T? value)
        where T : struct, Enum => value is { } known ? SnakeCase.Upper(known.ToString()) : null;

    /// <summary>One way in which paths differ.</summary>
    private sealed record Dimension(
        string Name,
        Func<PathTraits, string?> Trait,
        IReadOnlyList<(string Name, string FilledBy)> Traits
    );
}
