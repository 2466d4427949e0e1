namespace Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

/// <summary>
/// Covariance of daily shocks, shrunk by <see cref="LedoitWolf"/> on the correlation scale, so that the result does not
/// depend on units (returns beside percentage points) and permuting the series permutes it. Variances stay as they are.
/// </summary>
/// <param name="Values">Row-major d × d, symmetric; divided by T, not T − 1.</param>
/// <param name="Shrinkage">Weight of the uncorrelated target in [0, 1].</param>
public sealed record ShrunkCovariance(double[] Values, double[] Deviation, double Shrinkage)
{
    /// <param name="data">T × d, time-major. Every series must vary.</param>
    public static ShrunkCovariance Of(ReadOnlySpan<double> data, int width)
    {
        int days = data.Length / width;
        double[] mean = SampleMoments.Means(data, width);
        double[] deviation = new double[width];
        double[] standardised = data.ToArray();
        for (int i = 0; i < standardised.Length; i++)
        {
            standardised[i] -= mean[i % width];
            deviation[i % width] += standardised[i] * standardised[i];
        }

        for (int k = 0; k < width; k++)
            deviation[k] = Math.Sqrt(deviation[k] / days);
        for (int i = 0; i < standardised.Length; i++)
            standardised[i] /= deviation[i % width];
        var shrunk = LedoitWolf.Estimate(standardised, width);
        double[] values = shrunk.Covariance;
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
                values[i * width + j] = (i == j ? 1.0 : values[i * width + j]) * deviation[i] * deviation[j];
        }

        return new ShrunkCovariance(values, deviation, shrunk.Intensity);
    }
}
