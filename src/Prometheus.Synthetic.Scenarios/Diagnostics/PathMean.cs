using MathNet.Numerics.Distributions;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// A figure of a set and its standard error from one sum and one count per path. Paths are independent of each other
/// whatever holds within them, so their own spread is an honest error: no assumption on blocks, clustering or tails.
/// </summary>
internal readonly record struct PathMean(double Mean, double StandardError)
{
    /// <summary>
    /// Ratio estimator m = Σ w·sum / Σ w·count with the linearised error √(Σ w²(sum − m·count)² / (1 − Σw²)) / Σ w·count
    /// (Cochran 1977, chapter 6); the plain mean and its error when counts and weights are equal. NaN without any count.
    /// </summary>
    public static PathMean Of(ReadOnlySpan<double> sums, ReadOnlySpan<double> counts, PathWeights weights)
    {
        double numerator = 0;
        double denominator = 0;
        for (int p = 0; p < sums.Length; p++)
        {
            numerator += weights[p] * sums[p];
            denominator += weights[p] * counts[p];
        }

        double mean = numerator / denominator;
        double squares = 0;
        for (int p = 0; p < sums.Length; p++)
        {
            double e = weights[p] * (sums[p] - mean * counts[p]);
            squares += e * e;
        }

        return new PathMean(mean, Math.Sqrt(squares / (1 - weights.SumOfSquares)) / denominator);
    }

    /// <summary>The same figure with an error of at least <paramref name="error"/>.</summary>
    public PathMean AtLeast(double error) => this with { StandardError = Math.Max(StandardError, error) };

    /// <summary>Distance from a figure that has no error, in standard errors.</summary>
    public double DistanceTo(double figure) => Distance(Mean, figure, StandardError);

    /// <summary>Distance from the figure of independent paths, in standard errors of the difference.</summary>
    public double DistanceTo(PathMean other) =>
        Distance(
            Mean,
            other.Mean,
            Math.Sqrt(StandardError * StandardError + other.StandardError * other.StandardError)
        );

    /// <summary>
    /// Bonferroni threshold: two-sided, one false alarm in a thousand over all subjects, by Student's t with n − 1
    /// degrees of freedom.
    /// </summary>
    public static double Threshold(int subjects, double effectivePaths) =>
        StudentT.InvCDF(0, 1, effectivePaths - 1, 1 - 0.001 / (2.0 * Math.Max(subjects, 1)));

    private static double Distance(double a, double b, double error)
    {
        double difference = Math.Abs(a - b);
        // Rounding of a figure that does not vary at all is no distance, however small its error.
        if (difference <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)))
            return 0;
        return error > 0 ? difference / error
            : double.IsNaN(difference) ? double.NaN
            : double.PositiveInfinity;
    }
}
