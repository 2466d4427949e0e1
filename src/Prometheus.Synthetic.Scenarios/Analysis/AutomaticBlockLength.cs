using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>
/// Block length that minimises the mean squared error of the bootstrap variance of the mean: Politis and White,
/// Econometric Reviews 23 (2004), with the correction of Patton, Politis and White, Econometric Reviews 28 (2009).
/// Bit-stable: a length chosen here ends in a set's numbers.
/// </summary>
public static class AutomaticBlockLength
{
    /// <summary>The fewest observations that are looked at.</summary>
    public const int FewestObservations = 20;

    /// <param name="series">Observations in time order.</param>
    /// <returns>Null for a series that is too short or constant.</returns>
    public static BlockLengthEstimate? Estimate(ReadOnlySpan<double> series)
    {
        int n = series.Length;
        if (n < FewestObservations)
            return null;
        double mean = 0.0;
        foreach (double x in series)
            mean += x;
        mean /= n;
        double[] e = new double[n];
        double sumOfSquares = 0.0;
        for (int i = 0; i < n; i++)
        {
            e[i] = series[i] - mean;
            sumOfSquares += e[i] * e[i];
        }

        // A constant series leaves rounding of its mean only.
        if (!(sumOfSquares > n * 1e-28 * (1.0 + mean * mean)))
            return null;

        int run = Math.Max(5, CeilingLog10(n));
        int largestLag = (int)Math.Ceiling(Math.Sqrt(n)) + run;
        largestLag = Math.Min(largestLag, n - 2);
        double[] covariance = new double[largestLag + 1];
        int bandwidth = Bandwidth(e, run, largestLag, covariance, sumOfSquares);
        double g = 0.0;
        double longRun = covariance[0];
        for (int k = 1; k <= bandwidth; k++)
        {
            double t = (double)k / bandwidth;
            double flatTop = t <= 0.5 ? 1.0 : 2.0 * (1.0 - t);
            g += 2.0 * flatTop * k * covariance[k];
            longRun += 2.0 * flatTop * covariance[k];
        }

        double cap = Math.Ceiling(Math.Min(3.0 * Math.Sqrt(n), n / 3.0));
        double scale = n * g * g / (longRun * longRun);
        return new BlockLengthEstimate(CubeRoot(scale), CubeRoot(1.5 * scale), cap, bandwidth);
    }

    /// <summary>
    /// Twice the first lag after which <paramref name="run"/> autocorrelations in a row stay below 2·√(log₁₀ n / n),
    /// else twice the largest lag that does not; at most the largest lag looked at. Fills the autocovariances.
    /// </summary>
    private static int Bandwidth(double[] e, int run, int largestLag, double[] covariance, double sumOfSquares)
    {
        int n = e.Length;
        double threshold = 2.0 * Math.Sqrt(StableMath.Log(n) / StableMath.Log(10.0) / n);
        int insignificant = 0;
        int lag = -1;
        int lastSignificant = 1;
        covariance[0] = sumOfSquares / n;
        for (int k = 1; k <= largestLag; k++)
        {
            double cross = 0.0;
            for (int i = k; i < n; i++)
                cross += e[i] * e[i - k];
            covariance[k] = cross / n;
            bool significant = Math.Abs(cross) / sumOfSquares >= threshold;
            insignificant = significant ? 0 : insignificant + 1;
            if (significant)
                lastSignificant = k;
            if (insignificant == run && lag < 0)
                lag = k - run;
        }

        return Math.Min(2 * Math.Max(lag < 0 ? lastSignificant : lag, 1), largestLag);
    }

    private static double CubeRoot(double x) => StableMath.Pow(x, 1.0 / 3.0);

    private static int CeilingLog10(int n)
    {
        int digits = 0;
        for (long power = 1; power < n; power *= 10)
            digits++;
        return digits;
    }
}

/// <summary>Automatic block lengths in days, before the cap.</summary>
/// <param name="Stationary">Mean length for the stationary bootstrap.</param>
/// <param name="Circular">Length for circular and moving blocks.</param>
/// <param name="Cap">⌈min(3√n, n/3)⌉, beyond which a block is too long for its history.</param>
/// <param name="Bandwidth">Lags M that the estimate used.</param>
public sealed record BlockLengthEstimate(double Stationary, double Circular, double Cap, int Bandwidth)
{
    /// <summary>The stationary length within [1, cap].</summary>
    public double StationaryInRange => Math.Clamp(Stationary, 1.0, Cap);

    /// <summary>The circular length within [1, cap].</summary>
    public double CircularInRange => Math.Clamp(Circular, 1.0, Cap);
}
