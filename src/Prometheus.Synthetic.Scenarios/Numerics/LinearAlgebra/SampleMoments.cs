namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// Means and covariance of a sample of rows in two passes (means first, then centred products), each sum over the rows
/// in their order. Matrices are row-major.
/// </summary>
public static class SampleMoments
{
    /// <param name="rows">T × n observations, row after row.</param>
    /// <returns>The n means.</returns>
    public static double[] Means(ReadOnlySpan<double> rows, int n)
    {
        double[] means = new double[n];
        int count = rows.Length / n;
        for (int t = 0; t < count; t++)
        {
            for (int i = 0; i < n; i++)
                means[i] += rows[t * n + i];
        }

        for (int i = 0; i < n; i++)
            means[i] /= count;
        return means;
    }

    /// <summary>The n × n covariance Σ (x − μ)(x − μ)ᵀ / <paramref name="divisor"/>.</summary>
    /// <param name="divisor">T for the maximum-likelihood form, T − 1 for the unbiased one.</param>
    public static double[] Covariance(ReadOnlySpan<double> rows, int n, ReadOnlySpan<double> means, double divisor)
    {
        double[] covariance = new double[n * n];
        double[] centred = new double[n];
        int count = rows.Length / n;
        for (int t = 0; t < count; t++)
        {
            for (int i = 0; i < n; i++)
                centred[i] = rows[t * n + i] - means[i];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                    covariance[i * n + j] += centred[i] * centred[j];
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                covariance[i * n + j] /= divisor;
                covariance[j * n + i] = covariance[i * n + j];
            }
        }

        return covariance;
    }

    /// <summary>Standard deviations of a covariance matrix.</summary>
    public static double[] Deviations(ReadOnlySpan<double> covariance, int n)
    {
        double[] deviations = new double[n];
        for (int i = 0; i < n; i++)
            deviations[i] = Math.Sqrt(covariance[i * n + i]);
        return deviations;
    }

    /// <summary>Correlation matrix of a covariance matrix; the diagonal is exactly 1.</summary>
    public static double[] Correlation(ReadOnlySpan<double> covariance, int n)
    {
        double[] deviations = Deviations(covariance, n);
        double[] correlation = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                correlation[i * n + j] = i == j ? 1.0 : covariance[i * n + j] / (deviations[i] * deviations[j]);
        }

        return correlation;
    }

    /// <summary>Frobenius norm of a − b.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0.0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }
}
