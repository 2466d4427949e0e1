namespace Prometheus.Synthetic.Scenarios.Spectra;

/// <summary>What the spectrum of a series looks like.</summary>
/// <param name="Slope">
/// Slope β of ln E_k on ln(k/n) over the lower half of the frequencies (least squares): 0 white, −2 random walk, above 0
/// reverting from day to day.
/// </param>
/// <param name="SlopeError">Standard error of the slope for a white spectrum: √(π²/6 / Σ(ln f − mean)²).</param>
/// <param name="Entropy">Entropy of the energies, divided by its maximum: 1 white, 0 a single line.</param>
/// <param name="DominantPeriodDays">Period n/k of the largest energy; the mean is not a candidate.</param>
/// <param name="PeakPValue">
/// Fisher's exact test (1929): chance of so large a line, relative to all, in Gaussian white noise.
/// </param>
public sealed record SpectralShape(
    double Slope,
    double SlopeError,
    double Entropy,
    double DominantPeriodDays,
    double PeakPValue
)
{
    /// <param name="series">At least 16 finite values, not all equal.</param>
    /// <exception cref="ArgumentException">Too short, or constant.</exception>
    public static SpectralShape Of(ReadOnlySpan<double> series)
    {
        if (series.Length < 16)
            throw new ArgumentException($"{series.Length} values; a spectral shape needs 16.", nameof(series));
        var periodogram = new Periodogram(series.Length);
        double[] energy = new double[periodogram.Frequencies];
        periodogram.Fill(series, energy);
        // Full two-degree ordinates only: they are exponential under white noise, which slope and test rely on.
        int m = (series.Length - 1) / 2;
        ReadOnlySpan<double> lines = energy.AsSpan(1, m);
        double total = 0;
        foreach (double e in lines)
            total += e;
        if (!(total > 0))
            throw new ArgumentException("A constant series has no spectrum.", nameof(series));
        int peak = 0;
        double entropy = 0;
        for (int k = 0; k < m; k++)
        {
            if (lines[k] > lines[peak])
                peak = k;
            double share = lines[k] / total;
            if (share > 0)
                entropy -= share * Math.Log(share);
        }

        (double slope, double error) = FitSlope(lines, series.Length);
        return new SpectralShape(
            slope,
            error,
            entropy / Math.Log(m),
            series.Length / (peak + 1.0),
            FisherPValue(lines[peak] / total, m)
        );
    }

    /// <summary>P(g &gt; x) = Σ_{j=1}^{⌊1/x⌋} (−1)^{j−1} C(m, j)(1 − jx)^{m−1} for the largest of m shares.</summary>
    internal static double FisherPValue(double x, int m)
    {
        // The first term alone is the exact value for x > ½ and an upper bound always; the alternating sum loses all
        // digits when terms are large, which is when the answer is near 1.
        double sum = 0;
        double logChoose = 0;
        for (int j = 1; j <= m && j * x < 1; j++)
        {
            logChoose += Math.Log((m - j + 1.0) / j);
            double term = Math.Exp(logChoose + (m - 1) * Math.Log(1 - j * x));
            if (term > 1e6)
                return 1;
            sum += (j & 1) == 1 ? term : -term;
        }

        return Math.Clamp(sum, 0, 1);
    }

    private static (double Slope, double Error) FitSlope(ReadOnlySpan<double> lines, int n)
    {
        int count = Math.Max(lines.Length / 2, 2);
        double meanX = 0;
        double meanY = 0;
        int used = 0;
        for (int k = 0; k < count; k++)
        {
            if (!(lines[k] > 0))
                continue;
            meanX += Math.Log((k + 1.0) / n);
            meanY += Math.Log(lines[k]);
            used++;
        }

        meanX /= used;
        meanY /= used;
        double sxy = 0;
        double sxx = 0;
        for (int k = 0; k < count; k++)
        {
            if (!(lines[k] > 0))
                continue;
            double x = Math.Log((k + 1.0) / n) - meanX;
            sxy += x * (Math.Log(lines[k]) - meanY);
            sxx += x * x;
        }

        return (sxy / sxx, Math.Sqrt(Math.PI * Math.PI / 6 / sxx));
    }
}
