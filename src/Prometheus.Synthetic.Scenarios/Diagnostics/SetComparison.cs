using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Two sets side by side on the drivers that both have. Shocks are standardised by the pool of both samples, so that
/// neither is the measure of the other and no history is needed. Sets of the same seed and family are not independent:
/// their differences are smaller than the error says, and the verdict is on the safe side.
/// </summary>
/// <param name="CommonDrivers">Drivers of both sets.</param>
/// <param name="DriversSampled">Of those, the ones looked at one by one.</param>
/// <param name="OnlyInFirst">Number of drivers that the second set lacks, or has in another unit.</param>
public sealed record SetComparison(
    int CommonDrivers,
    int DriversSampled,
    int OnlyInFirst,
    int OnlyInSecond,
    int FirstPathsSampled,
    int SecondPathsSampled,
    IReadOnlyList<ComparisonCheck> Checks,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Number of figures that differ.</summary>
    public int Differences => Checks.Count(c => c.Verdict == ComparisonVerdict.Different);

    /// <summary>Compares two calibrated generators: deterministic, no IO.</summary>
    /// <exception cref="ScenarioRefusedException">The sets have no driver of the same kind, id and unit.</exception>
    public static SetComparison Of(
        (IPathGenerator Generator, GenerationShape Shape) first,
        (IPathGenerator Generator, GenerationShape Shape) second,
        CancellationToken ct = default
    )
    {
        IReadOnlyList<Driver> a = first.Generator.Drivers;
        IReadOnlyList<Driver> b = second.Generator.Drivers;
        Dictionary<(DriverKind, string, string), int> known = b.Select((d, i) => (Key(d), i))
            .ToDictionary(p => p.Item1, p => p.i);
        (int A, int B)[] common =
        [
            .. Enumerable.Range(0, a.Count).Where(i => known.ContainsKey(Key(a[i]))).Select(i => (i, known[Key(a[i])])),
        ];
        if (common.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "second",
                $"the sets have no driver of the same kind, id and unit ({a.Count} and {b.Count} drivers); compare sets of one market"
            );
        (int A, int B)[] chosen = [.. PathSample.Spread(common.Length, PathSample.MaxDrivers).Select(i => common[i])];
        var notes = new List<string>();
        var one = PathSample.Of(first.Generator, first.Shape, [.. chosen.Select(c => c.A)], ct);
        var two = PathSample.Of(second.Generator, second.Shape, [.. chosen.Select(c => c.B)], ct);
        (List<Series> left, List<Series> right) = Pooled(one, two, notes);
        return new SetComparison(
            common.Length,
            chosen.Length,
            a.Count - common.Length,
            b.Count - common.Length,
            one.Paths.Count,
            two.Paths.Count,
            left.Count == 0
                ? []
                : new FigureComparison(
                    left,
                    right,
                    new FactEstimates(one.Steps, PathWeights.Of(one.Probabilities, notes)),
                    new FactEstimates(two.Steps, PathWeights.Of(two.Probabilities, notes))
                ).Run(),
            notes
        );
    }

    private static (DriverKind, string, string) Key(Driver d) => (d.Kind, d.Id, d.Unit);

    private static (List<Series> First, List<Series> Second) Pooled(PathSample one, PathSample two, List<string> notes)
    {
        var first = new List<Series>();
        var second = new List<Series>();
        void Add(string name, double[] a, double[] b, bool isPortfolio)
        {
            double[] pool = [.. a, .. b];
            var series = new Series(name, a, pool, isPortfolio);
            if (!series.Moves)
            {
                notes.Add($"{name} moves in neither set; it is left out");
                return;
            }

            first.Add(series);
            second.Add(new Series(name, b, pool, isPortfolio));
        }

        for (int c = 0; c < one.Drivers.Count; c++)
            Add(one.Drivers[c].Id, one.Columns[c], two.Columns[c], isPortfolio: false);
        bool sameMembers = one.Instruments.Select(d => d.Id).ToHashSet().SetEquals(two.Instruments.Select(d => d.Id));
        if (one.Instruments.Count > 1 && sameMembers)
            Add(SetDiagnostics.Portfolio, [.. one.Portfolio], [.. two.Portfolio], isPortfolio: true);
        else if (one.Instruments.Count > 1)
            notes.Add("the sets' portfolios have different members; they are not compared");
        return (first, second);
    }
}
