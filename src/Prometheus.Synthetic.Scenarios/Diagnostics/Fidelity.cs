namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// The stylised facts of a set against its calibration sample. The history's figure is taken as given, because resampling
/// families draw from exactly that sample; the error is that of the set's own spread, or of as many days of history where
/// that is larger. A warning is a fact and no fault: stressed and adversarial sets differ on purpose, independent days lose
/// clustering by design.
/// </summary>
internal sealed class Fidelity(IReadOnlyList<Series> series, FactEstimates estimates)
{
    /// <summary>Fewest effective paths whose spread says something about an error.</summary>
    public const int FewestPaths = 20;

    public IReadOnlyList<FidelityCheck> Run() =>
        estimates.EffectivePaths < FewestPaths - 1e-6
            ? [NotApplicable("all", TooFew("paths carry weight", estimates.EffectivePaths), 0)]
            : [.. StylisedFacts.All.Select(Check)];

    internal static string TooFew(string what, double count) =>
        FormattableString.Invariant(
            $"{count:0.#} {what}; at least {FewestPaths} are needed to know the error of a figure"
        );

    private FidelityCheck Check(Fact fact)
    {
        if (estimates.Steps < fact.FewestSteps)
            return NotApplicable(
                fact.Name,
                $"a horizon of {estimates.Steps} steps is too short; {fact.FewestSteps} are needed",
                0
            );
        IReadOnlyList<(string Name, int A, int B)> subjects = fact.Subjects(series);
        if (subjects.Count == 0)
            return NotApplicable(fact.Name, "one driver has no pairs", 0);
        double observations = subjects.Min(s => estimates.Observations(fact, series[s.A]));
        if (observations < 2)
            return NotApplicable(fact.Name, "history is too short for windows as long as a path", 0);
        double threshold = PathMean.Threshold(subjects.Count, observations);
        (string Subject, double Set, double History, double Distance)? worst = null;
        int compared = 0;
        foreach ((string name, int a, int b) in subjects)
        {
            PathMean history = estimates.OfHistory(fact, series[a], series[b]);
            (PathMean figure, double count) = estimates.OfSet(fact, series[a], series[b]);
            double distance = figure.AtLeast(estimates.LeastError(fact, series[a], series[b])).DistanceTo(history);
            if (double.IsNaN(distance) || !FactEstimates.Enough(fact, history.Mean, count))
                continue;
            compared++;
            if (worst is null || distance > worst.Value.Distance)
                worst = (name, fact.Shown(figure.Mean), fact.Shown(history.Mean), distance);
        }

        return worst is not { } w
            ? NotApplicable(
                fact.Name,
                fact.Rare == RareEvents.None
                    ? "the figure is not defined for any driver"
                    : $"fewer than {Fact.FewestEvents} events are expected in the sampled steps",
                subjects.Count
            )
            : new FidelityCheck(
                fact.Name,
                w.Distance > threshold ? Verdict.Warn : Verdict.Pass,
                w.Subject,
                w.Set,
                w.History,
                Math.Min(w.Distance, 1e9),
                threshold,
                compared,
                fact.Explanation
            );
    }

    private static FidelityCheck NotApplicable(string name, string why, int subjects) =>
        new(name, Verdict.NotApplicable, null, null, null, null, 0, subjects, why);
}
