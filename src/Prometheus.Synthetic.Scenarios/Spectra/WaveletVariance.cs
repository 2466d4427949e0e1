using MathNet.Numerics.Distributions;

namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>Variance on one scale.</summary>
/// <param name="Level">j = 1, 2, …</param>
/// <param name="ScaleDays">2^(j−1): the changes compared are those of averages over so many days.</param>
/// <param name="Variance">In squared units of the series.</param>
/// <param name="Lower">Lower end of the 95 % interval.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Coefficients">Number of coefficients that no boundary touches.</param>
public sealed record ScaleVariance(
    int Level,
    int ScaleDays,
    double Variance,
    double Lower,
    double Upper,
    int Coefficients
);

/// <summary>
/// The unbiased wavelet variance (Percival and Walden 2000, section 8.3): mean square of the coefficients that the
/// circular boundary does not touch. Intervals take ν·η/χ²_η with η₃ = max(M_j/2^j, 1) degrees of freedom (section 8.4),
/// which need no knowledge of the spectrum and are wide rather than narrow.
/// </summary>
public static class WaveletVariance
{
    /// <summary>One entry per level that keeps at least one coefficient free of the boundary.</summary>
    public static IReadOnlyList<ScaleVariance> Of(WaveletDecomposition decomposition)
    {
        var scales = new List<ScaleVariance>(decomposition.Levels);
        for (int level = 1; level <= decomposition.Levels; level++)
        {
            double[] w = decomposition.Details[level - 1];
            int first = decomposition.Filter.WidthAt(level) - 1;
            int count = w.Length - first;
            if (count < 1)
                break;
            double sum = 0;
            for (int t = first; t < w.Length; t++)
                sum += w[t] * w[t];
            double variance = sum / count;
            double degrees = Math.Max(count / (double)(1 << level), 1);
            scales.Add(
                new ScaleVariance(
                    level,
                    1 << (level - 1),
                    variance,
                    degrees * variance / ChiSquared.InvCDF(degrees, 0.975),
                    degrees * variance / ChiSquared.InvCDF(degrees, 0.025),
                    count
                )
            );
        }

        return scales;
    }

    /// <summary>Each scale's part of the total wavelet variance, summing to 1; zeros for a constant series.</summary>
    public static IReadOnlyList<double> Shares(IReadOnlyList<ScaleVariance> scales)
    {
        double total = 0;
        foreach (ScaleVariance s in scales)
            total += s.Variance;
        return [.. scales.Select(s => total > 0 ? s.Variance / total : 0)];
    }
}
