namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>The stylised facts of two sets against each other, each with its own sampling error.</summary>
/// <param name="left">The first set's series, standardised by the pool of both.</param>
/// <param name="right">The second set's, in the same order.</param>
internal sealed class FigureComparison(
    IReadOnlyList<Series> left,
    IReadOnlyList<Series> right,
    FactEstimates first,
    FactEstimates second
)
{
    public IReadOnlyList<ComparisonCheck> Run()
    {
        double fewest = Math.Min(first.EffectivePaths, second.EffectivePaths);
        return fewest < Fidelity.FewestPaths - 1e-6
            ? [NotApplicable("all", Fidelity.TooFew("paths carry weight in the smaller set", fewest), 0)]
            : [.. StylisedFacts.All.Select(f => Check(f, fewest))];
    }

    private ComparisonCheck Check(Fact fact, double paths)
    {
        if (Math.Min(first.Steps, second.Steps) < fact.FewestSteps)
            return NotApplicable(
                fact.Name,
                $"a horizon of {Math.Min(first.Steps, second.Steps)} steps is too short; {fact.FewestSteps} are needed",
                0
            );
        if (fact.Scope == FactScope.Rhythm && first.Steps != second.Steps)
            return NotApplicable(
                fact.Name,
                $"spectra of {first.Steps} and {second.Steps} steps are not comparable; use sets of one horizon",
                0
            );
        IReadOnlyList<(string Name, int A, int B)> subjects = fact.Subjects(left);
        if (subjects.Count == 0)
            return NotApplicable(fact.Name, "one driver has no pairs", 0);
        double threshold = PathMean.Threshold(subjects.Count, paths);
        ComparisonCheck? worst = null;
        int compared = 0;
        foreach ((string name, int a, int b) in subjects)
        {
            (PathMean one, double countOne) = first.OfSet(fact, left[a], left[b]);
            (PathMean two, double countTwo) = second.OfSet(fact, right[a], right[b]);
            double distance = one.DistanceTo(two);
            // The pool's figure, which is what both would show were they alike.
            double pooled = (one.Mean * countOne + two.Mean * countTwo) / (countOne + countTwo);
            bool enough = FactEstimates.Enough(fact, pooled, countOne) && FactEstimates.Enough(fact, pooled, countTwo);
            if (double.IsNaN(distance) || !enough)
                continue;
            compared++;
            if (worst is null || distance > worst.StandardErrors)
                worst = new ComparisonCheck(
                    fact.Name,
                    distance > threshold ? ComparisonVerdict.Different : ComparisonVerdict.Alike,
                    name,
                    fact.Shown(one.Mean),
                    fact.Shown(two.Mean),
                    Math.Min(distance, 1e9),
                    threshold,
                    0,
                    fact.Explanation
                );
        }

        return worst is null
            ? NotApplicable(
                fact.Name,
                fact.Rare == RareEvents.None
                    ? "the figure is not defined for any common driver"
                    : $"fewer than {Fact.FewestEvents} events are expected in the sampled steps",
                subjects.Count
            )
            : worst with
            {
                Subjects = compared,
            };
    }

    private static ComparisonCheck NotApplicable(string name, string why, int subjects) =>
        new(name, ComparisonVerdict.NotApplicable, null, null, null, null, 0, subjects, why);
}
