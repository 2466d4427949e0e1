namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>Empirical quantiles by linear interpolation of order statistics (type 7).</summary>
internal static class Quantiles
{
    /// <param name="sorted">Ascending, not empty.</param>
    /// <param name="level">In [0, 1].</param>
    public static double Of(ReadOnlySpan<double> sorted, double level)
    {
        double at = level * (sorted.Length - 1);
        int below = (int)at;
        return below + 1 < sorted.Length
            ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below])
            : sorted[^1];
    }
}
