using MathNet.Numerics.Distributions;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// A mean and its standard error from one value per path. Paths are independent of each other whatever holds within
/// them, so the spread of the paths' own means is an honest error: no assumption on blocks, clustering or tails.
/// </summary>
internal readonly record struct BatchMeans(double Mean, double StandardError)
{
    public static BatchMeans Of(ReadOnlySpan<double> perPath)
    {
        double mean = 0;
        foreach (double v in perPath)
            mean += v;
        mean /= perPath.Length;
        double squares = 0;
        foreach (double v in perPath)
            squares += (v - mean) * (v - mean);
        return new BatchMeans(mean, Math.Sqrt(squares / (perPath.Length - 1.0) / perPath.Length));
    }

    /// <summary>Distance from a figure in standard errors; infinite when the error is 0 and the figures differ.</summary>
    public double DistanceTo(double figure)
    {
        double difference = Math.Abs(Mean - figure);
        if (StandardError > 0)
            return difference / StandardError;
        return difference <= 1e-12 * Math.Abs(figure) ? 0 : double.PositiveInfinity;
    }

    /// <summary>
    /// Bonferroni threshold: two-sided, one false alarm in a thousand over all subjects, by Student's t with P − 1
    /// degrees of freedom.
    /// </summary>
    public static double Threshold(int subjects, int paths) =>
        StudentT.InvCDF(0, 1, paths - 1, 1 - 0.001 / (2.0 * Math.Max(subjects, 1)));
}
