using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>One occupied region.</summary>
/// <param name="Paths">Sampled paths in it.</param>
public sealed record CoverageCell(
    string Tail,
    string Dependence,
    string Spectrum,
    string Radius,
    string Regime,
    int Paths
);

/// <summary>A trait that no sampled path has.</summary>
/// <param name="Dimension">tail, dependence, spectrum, radius or regime.</param>
/// <param name="HistoryShare">Share of history's windows that have it: what the set leaves out although it happened.</param>
/// <param name="FilledBy">A request that would make such paths.</param>
public sealed record CoverageGap(string Dimension, string Trait, double HistoryShare, string FilledBy);

/// <summary>Where a set's paths lie in tail × dependence × spectrum × radius × regime.</summary>
/// <param name="PathsSampled">Paths looked at.</param>
/// <param name="Regions">Number of regions that could be occupied, given the horizon and the labels in history.</param>
/// <param name="RegionsOfHistory">Regions that history's windows occupy.</param>
/// <param name="RegionsOfHistoryReached">Of those, the ones the set reaches too.</param>
public sealed record CoverageReport(
    int PathsSampled,
    int Regions,
    int RegionsOfHistory,
    int RegionsOfHistoryReached,
    IReadOnlyList<CoverageCell> Cells,
    IReadOnlyList<CoverageGap> Gaps
);

internal static class Coverage
{
    private const string Unknown = "UNKNOWN";

    public static CoverageReport Of(IReadOnlyList<PathTraits> paths, TraitClassifier classifier)
    {
        CoverageCell[] cells =
        [
            .. paths
                .GroupBy(Key)
                .OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key.ToString(), StringComparer.Ordinal)
                .Select(g => new CoverageCell(
                    g.Key.Tail,
                    g.Key.Dependence,
                    g.Key.Spectrum,
                    g.Key.Radius,
                    g.Key.Regime,
                    g.Count()
                )),
        ];
        var occupied = paths.Select(Key).ToHashSet();
        var history = classifier.History.Select(Key).ToHashSet();
        bool spectra = paths.Any(p => p.Spectrum is not null);
        IReadOnlyList<string> regimes = paths.Any(p => p.Regime is not null) ? classifier.Regimes : [];
        int regions = 9 * (spectra ? 3 : 1) * (classifier.HasRadius ? 3 : 1) * Math.Max(regimes.Count, 1);
        // A set without source days has no regimes: it is compared with history in the other dimensions.
        Func<(string, string, string, string, string), (string, string, string, string, string)> shown =
            regimes.Count > 0 ? static k => k : static k => k with { Item5 = Unknown };
        var historyShown = history.Select(shown).ToHashSet();
        return new CoverageReport(
            paths.Count,
            regions,
            historyShown.Count,
            historyShown.Count(occupied.Select(shown).ToHashSet().Contains),
            cells,
            [.. Gaps(paths, classifier, spectra, regimes)]
        );
    }

    private static IEnumerable<CoverageGap> Gaps(
        IReadOnlyList<PathTraits> paths,
        TraitClassifier classifier,
        bool spectra,
        IReadOnlyList<string> regimes
    )
    {
        double Share(Func<PathTraits, bool> has) =>
            classifier.History.Count == 0 ? 0 : classifier.History.Count(has) / (double)classifier.History.Count;
        foreach (TailTrait tail in Enum.GetValues<TailTrait>())
        {
            if (paths.All(p => p.Tail != tail))
                yield return new("tail", Name(tail), Share(p => p.Tail == tail), CoverageAdvice.For(tail));
        }

        foreach (DependenceTrait dependence in Enum.GetValues<DependenceTrait>())
        {
            if (paths.All(p => p.Dependence != dependence))
                yield return new(
                    "dependence",
                    Name(dependence),
                    Share(p => p.Dependence == dependence),
                    CoverageAdvice.For(dependence)
                );
        }

        foreach (WindowClass spectrum in spectra ? Enum.GetValues<WindowClass>() : [])
        {
            if (paths.All(p => p.Spectrum != spectrum))
                yield return new(
                    "spectrum",
                    Name(spectrum),
                    Share(p => p.Spectrum == spectrum),
                    CoverageAdvice.For(spectrum)
                );
        }

        foreach (RadiusTrait radius in classifier.HasRadius ? Enum.GetValues<RadiusTrait>() : [])
        {
            if (paths.All(p => p.Radius != radius))
                yield return new("radius", Name(radius), Share(p => p.Radius == radius), CoverageAdvice.For(radius));
        }

        foreach (string regime in regimes)
        {
            if (paths.All(p => p.Regime != regime))
                yield return new("regime", regime, Share(p => p.Regime == regime), CoverageAdvice.ForRegime(regime));
        }
    }

    private static (string Tail, string Dependence, string Spectrum, string Radius, string Regime) Key(PathTraits p) =>
        (
            Name(p.Tail),
            Name(p.Dependence),
            p.Spectrum is { } s ? Name(s) : Unknown,
            Name(p.Radius),
            p.Regime ?? Unknown
        );

    private static string Name<T>(T value)
        where T : struct, Enum => SnakeCase.Upper(value.ToString());
}
