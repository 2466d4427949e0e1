namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// Weights of the sampled paths, summing to 1: the probabilities that the paths carry, or all equal. Adversarial and
/// named sets give their paths probabilities; a figure of such a set is the figure under them.
/// </summary>
internal sealed class PathWeights
{
    private readonly double[] _weights;

    private PathWeights(double[] weights)
    {
        _weights = weights;
        SumOfSquares = weights.Sum(w => w * w);
    }

    /// <summary>Σw²: 1/P when all are equal.</summary>
    public double SumOfSquares { get; }

    /// <summary>Kish's effective number of paths, 1/Σw²: as many equally weighted ones carry the same error.</summary>
    public double EffectivePaths => 1 / SumOfSquares;

    public int Count => _weights.Length;

    public double this[int path] => _weights[path];

    public static PathWeights Equal(int paths) => new([.. Enumerable.Repeat(1.0 / paths, paths)]);

    /// <param name="probabilities">One entry per path, null where a path carries none.</param>
    /// <param name="notes">Told when the probabilities cannot be used.</param>
    public static PathWeights Of(IReadOnlyList<double?> probabilities, List<string> notes)
    {
        int given = probabilities.Count(p => p is not null);
        if (given == 0)
            return Equal(probabilities.Count);
        double total = probabilities.Sum(p => p ?? 0);
        if (given == probabilities.Count && total > 0 && double.IsFinite(total) && probabilities.All(p => p >= 0))
            return new PathWeights([.. probabilities.Select(p => p!.Value / total)]);
        notes.Add(
            $"{given} of {probabilities.Count} sampled paths carry a probability, summing to {total}; all are weighted equally instead"
        );
        return Equal(probabilities.Count);
    }
}
