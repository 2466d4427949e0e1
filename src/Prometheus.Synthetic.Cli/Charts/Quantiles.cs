namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Sample quantiles of definition 7 of Hyndman and Fan (1996): linear between order statistics, as NumPy and R.</summary>
public static class Quantiles
{
    /// <param name="sorted">Ascending, at least one value.</param>
    /// <param name="probability">0 to 1.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty)
            throw new ArgumentException("There is no value.", nameof(sorted));
        double at = (sorted.Length - 1) * probability;
        int below = (int)Math.Floor(at);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
