using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Diagnostics.Severity;

/// <summary>Holds a set against external extreme-value figures, from paths spread over the whole set.</summary>
internal static class SeverityChecks
{
    /// <summary>Cells generated for the checks at most, but never fewer paths than the other diagnostics look at.</summary>
    private const int MostCells = 4_000_000;

    /// <param name="checks">All of drivers that the generator has.</param>
    /// <param name="notes">Told when the paths' probabilities cannot be used.</param>
    public static IReadOnlyList<SeverityFinding> Of(
        IPathGenerator generator,
        GenerationShape shape,
        IReadOnlyList<SeverityCheck> checks,
        List<string> notes,
        CancellationToken ct
    )
    {
        if (checks.Count == 0)
            return [];
        int[] columns =
        [
            .. checks.Select(c =>
                Enumerable.Range(0, generator.Drivers.Count).First(k => generator.Drivers[k].Id == c.Id)
            ),
        ];
        long perPath = (long)shape.HorizonDays * generator.Drivers.Count;
        int most = (int)Math.Max(PathSample.MaxPaths, MostCells / perPath);
        PathSample sample = PathSample.Of(generator, shape, columns, most, ct);
        PathWeights weights = PathWeights.Of(sample.Probabilities, notes);
        return [.. checks.Select((check, i) => check.Evaluate(sample.Columns[i], sample.Steps, weights))];
    }
}
