using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Turns measures into traits. The borders of tail and dependence are the 10 % and 90 % quantiles of history's own
/// windows of the same length, so that "usual" means usual for these drivers over this horizon.
/// </summary>
internal sealed class TraitClassifier
{
    /// <summary>Windows of history looked at for the borders.</summary>
    private const int MaxWindows = 250;

    private readonly PathMeasures _measures;
    private readonly (double Low, double High) _tail;
    private readonly (double Low, double High) _dependence;
    private readonly Dictionary<DateOnly, string> _regimes = [];

    public TraitClassifier(IReadOnlyList<Series> series, int steps, CalibrationSnapshot snapshot)
    {
        _measures = new PathMeasures(series, steps);
        if (snapshot.Regimes is { } regimes)
        {
            for (int t = 0; t < regimes.Labels.Count; t++)
            {
                if (regimes.Labels[t] is { } label)
                    _regimes[snapshot.Panel.Dates[t]] = label;
            }
        }

        int starts = Math.Max(1, snapshot.Panel.Days - steps + 1);
        int windows = steps > snapshot.Panel.Days ? 0 : Math.Min(MaxWindows, starts);
        var history = new List<(Measures Measures, int Start)>(windows);
        for (int i = 0; i < windows; i++)
        {
            int start = (int)((long)i * starts / windows);
            history.Add((_measures.Of(static s => s.History, start), start));
        }

        _tail = Borders(history.Select(h => h.Measures.Hill));
        _dependence = Borders(history.Select(h => h.Measures.Correlation));
        History =
        [
            .. history.Select(h =>
                Classify(h.Measures, [.. Enumerable.Range(h.Start, steps).Select(t => snapshot.Panel.Dates[t])])
            ),
        ];
    }

    /// <summary>Traits of history's windows.</summary>
    public IReadOnlyList<PathTraits> History { get; }

    /// <summary>Regime labels that history has, sorted.</summary>
    public IReadOnlyList<string> Regimes =>
        [.. _regimes.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether the outcome's distance is defined.</summary>
    public bool HasRadius => _measures.Degrees > 0;

    public PathTraits Classify(int start, IReadOnlyList<DateOnly>? sourceDates) =>
        Classify(_measures.Of(static s => s.Set, start), sourceDates);

    private PathTraits Classify(Measures m, IReadOnlyList<DateOnly>? sourceDates) =>
        new(
            m.Hill < _tail.Low ? TailTrait.Thin
                : m.Hill > _tail.High ? TailTrait.Fat
                : TailTrait.Usual,
            m.Correlation < _dependence.Low ? DependenceTrait.Low
                : m.Correlation > _dependence.High ? DependenceTrait.High
                : DependenceTrait.Usual,
            m.Spectrum,
            m.Level > 0.999 ? RadiusTrait.Extreme
                : m.Level > 0.9 ? RadiusTrait.Outer
                : RadiusTrait.Central,
            RegimeOf(sourceDates)
        );

    private string? RegimeOf(IReadOnlyList<DateOnly>? dates) =>
        dates
            ?.Select(d => _regimes.GetValueOrDefault(d))
            .OfType<string>()
            .GroupBy(r => r, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Key;

    private static (double, double) Borders(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? (double.NegativeInfinity, double.PositiveInfinity)
            : (Quantiles.Of(sorted, 0.1), Quantiles.Of(sorted, 0.9));
    }
}
