namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// The maximal overlap discrete wavelet transform by the pyramid algorithm (Percival and Walden 2000, chapter 5) with
/// circular boundary: shift-equivariant, any length, energy preserving. Only + and × in a fixed order, so the result is
/// the same on every platform.
/// </summary>
public static class MaximalOverlapTransform
{
    /// <summary>Most levels a series of <paramref name="length"/> values carries: 2^J ≤ length.</summary>
    public static int MaxLevels(int length) => length < 2 ? 0 : System.Numerics.BitOperations.Log2((uint)length);

    /// <param name="series">Values of equally spaced days, at least 2^levels of them.</param>
    /// <param name="filter">The wavelet.</param>
    /// <param name="levels">J, 1 to <see cref="MaxLevels"/>; level j holds changes on the scale of 2^(j−1) days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The series is too short for the levels.</exception>
    public static WaveletDecomposition Decompose(ReadOnlySpan<double> series, WaveletFilter filter, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, MaxLevels(series.Length));
        const double rescale = 0.70710678118654752;
        double[] g = [.. filter.Scaling.Select(x => x * rescale)];
        double[] h = [.. filter.Wavelet.Select(x => x * rescale)];
        double[] smooth = series.ToArray();
        var details = new double[levels][];
        for (int level = 1; level <= levels; level++)
        {
            var detail = new double[smooth.Length];
            var next = new double[smooth.Length];
            int stride = 1 << (level - 1);
            for (int t = 0; t < smooth.Length; t++)
            {
                double w = 0;
                double v = 0;
                for (int l = 0, at = t; l < g.Length; l++)
                {
                    w += h[l] * smooth[at];
                    v += g[l] * smooth[at];
                    at -= stride % smooth.Length;
                    if (at < 0)
                        at += smooth.Length;
                }

                detail[t] = w;
                next[t] = v;
            }

            details[level - 1] = detail;
            smooth = next;
        }

        return new WaveletDecomposition(filter, details, smooth);
    }
}

/// <summary>Coefficients of a transform.</summary>
/// <param name="Filter">The wavelet used.</param>
/// <param name="Details">Wavelet coefficients W_1 … W_J, each as long as the series.</param>
/// <param name="Smooth">Scaling coefficients V_J.</param>
public sealed record WaveletDecomposition(
    WaveletFilter Filter,
    IReadOnlyList<double[]> Details,
    IReadOnlyList<double> Smooth
)
{
    public int Levels => Details.Count;
}
