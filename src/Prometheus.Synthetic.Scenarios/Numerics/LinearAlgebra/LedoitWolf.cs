namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// Covariance shrunk towards a multiple of the identity, (1 − δ)·S + δ·m·I with m = tr S / n, at the intensity δ that
/// minimises the expected Frobenius loss (Ledoit and Wolf, "A well-conditioned estimator for large-dimensional
/// covariance matrices", Journal of Multivariate Analysis 88, 2004). S divides by T.
/// </summary>
/// <param name="Covariance">The shrunk matrix, row-major.</param>
/// <param name="Intensity">δ in [0, 1].</param>
/// <param name="Scale">m, the mean variance.</param>
public sealed record LedoitWolf(double[] Covariance, double Intensity, double Scale)
{
    /// <param name="rows">T × n observations, row after row; centred here.</param>
    public static LedoitWolf Estimate(ReadOnlySpan<double> rows, int n)
    {
        int count = rows.Length / n;
        double[] means = SampleMoments.Means(rows, n);
        double[] s = SampleMoments.Covariance(rows, n, means, count);
        double scale = 0.0;
        for (int i = 0; i < n; i++)
            scale += s[i * n + i];
        scale /= n;

        // d² = ‖S − mI‖²/n and b² = mean over days of ‖x xᵀ − S‖² / (T·n): how far S is from the target, and how much
        // of that is noise. Σ over days of ‖x xᵀ‖² is Σ (xᵀx)².
        double distance = 0.0;
        double squares = 0.0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double off = s[i * n + j] - (i == j ? scale : 0.0);
                distance += off * off;
                squares += s[i * n + j] * s[i * n + j];
            }
        }

        double fourth = 0.0;
        for (int t = 0; t < count; t++)
        {
            double length = 0.0;
            for (int i = 0; i < n; i++)
            {
                double x = rows[t * n + i] - means[i];
                length += x * x;
            }

            fourth += length * length;
        }

        double noise = (fourth / count - squares) / count;
        double intensity = distance > 0.0 ? Math.Clamp(noise / distance, 0.0, 1.0) : 1.0;
        double[] shrunk = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                shrunk[i * n + j] = (1.0 - intensity) * s[i * n + j] + (i == j ? intensity * scale : 0.0);
        }

        return new LedoitWolf(shrunk, intensity, scale);
    }
}
