namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>
/// How unlike two windows move, by the Hellinger distance √(½ Σ(√p_j − √q_j)²) of their energy shares over scales: Haar
/// wavelet coefficients of levels 1 … J and what is left. 0 the same shares, 1 nothing in common. Scale-free: a calm and a
/// wild window of the same rhythm are alike.
/// </summary>
public static class SpectralDistance
{
    /// <summary>Square roots of a window's energy shares, J + 1 of them; zeros for a window without movement.</summary>
    public static double[] Profile(ReadOnlySpan<double> window, int levels)
    {
        WaveletDecomposition d = MaximalOverlapTransform.Decompose(window, WaveletFilter.Haar, levels);
        var profile = new double[levels + 1];
        double total = 0;
        for (int j = 0; j <= levels; j++)
        {
            foreach (double w in j < levels ? d.Details[j] : d.Smooth)
                profile[j] += w * w;
            total += profile[j];
        }

        for (int j = 0; j <= levels; j++)
            profile[j] = total > 0 ? Math.Sqrt(profile[j] / total) : 0;
        return profile;
    }

    /// <summary>In [0, 1]; both profiles of the same number of levels.</summary>
    public static double Between(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return Math.Sqrt(0.5 * sum);
    }
}
