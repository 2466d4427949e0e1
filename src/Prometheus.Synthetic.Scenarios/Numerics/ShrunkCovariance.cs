using System.Numerics;
using System.Runtime.InteropServices;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Covariance of daily shocks, shrunk towards uncorrelated series on the correlation scale, so that the result does not
/// depend on units (returns beside percentage points) and permuting the series permutes it. The weight is Ledoit and
/// Wolf's (2004, "A well-conditioned estimator for large-dimensional covariance matrices") on the standardised series.
/// </summary>
public sealed class ShrunkCovariance
{
    private ShrunkCovariance(int size, double[] values, double[] mean, double[] deviation, double shrinkage)
    {
        Size = size;
        Values = values;
        Mean = mean;
        Deviation = deviation;
        Shrinkage = shrinkage;
    }

    public int Size { get; }

    /// <summary>Row-major d × d, symmetric; divided by T, not T − 1.</summary>
    public double[] Values { get; }

    public double[] Mean { get; }

    /// <summary>Standard deviations; shrinking leaves them as they are.</summary>
    public double[] Deviation { get; }

    /// <summary>Weight of the uncorrelated target in [0, 1].</summary>
    public double Shrinkage { get; }

    /// <param name="data">T × d, time-major. Every series must vary.</param>
    public static ShrunkCovariance Of(ReadOnlySpan<double> data, int days, int width)
    {
        double[] standardised = data.ToArray();
        (double[] mean, double[] deviation) = Standardise(standardised, days, width);
        double[] correlation = SecondMoments(standardised, days, width);
        double shrinkage = LedoitWolf(standardised, correlation, days, width);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                double r = i == j ? 1.0 : (1.0 - shrinkage) * correlation[i * width + j];
                correlation[i * width + j] = r * deviation[i] * deviation[j];
            }
        }

        return new ShrunkCovariance(width, correlation, mean, deviation, shrinkage);
    }

    /// <summary>Ledoit and Wolf's weight of the target μI for centred data with second moments S (divided by T).</summary>
    public static double LedoitWolf(ReadOnlySpan<double> centred, ReadOnlySpan<double> moments, int days, int width)
    {
        double trace = 0.0;
        double squares = 0.0;
        for (int i = 0; i < width; i++)
        {
            trace += moments[i * width + i];
            for (int j = 0; j < width; j++)
                squares += moments[i * width + j] * moments[i * width + j];
        }

        double fourth = 0.0;
        for (int t = 0; t < days; t++)
        {
            double norm = 0.0;
            foreach (double x in centred.Slice(t * width, width))
                norm += x * x;
            fourth += norm * norm;
        }

        double mu = trace / width;
        double distance = squares - 2.0 * mu * trace + width * mu * mu;
        double error = (fourth / days - squares) / days;
        return distance <= 0.0 ? 0.0 : Math.Clamp(error / distance, 0.0, 1.0);
    }

    /// <summary>XᵀX / T, each entry summed over days in order; lanes are columns, so the vector width changes no bit.</summary>
    public static double[] SecondMoments(ReadOnlySpan<double> centred, int days, int width)
    {
        double[] moments = new double[width * width];
        for (int t = 0; t < days; t++)
        {
            ReadOnlySpan<double> day = centred.Slice(t * width, width);
            for (int i = 0; i < width; i++)
                AddScaled(moments.AsSpan(i * width, width), day, day[i]);
        }

        for (int i = 0; i < moments.Length; i++)
            moments[i] /= days;
        return moments;
    }

    private static (double[] Mean, double[] Deviation) Standardise(Span<double> data, int days, int width)
    {
        double[] mean = new double[width];
        double[] deviation = new double[width];
        for (int t = 0; t < days; t++)
        {
            for (int k = 0; k < width; k++)
                mean[k] += data[t * width + k];
        }

        for (int k = 0; k < width; k++)
            mean[k] /= days;
        for (int t = 0; t < days; t++)
        {
            for (int k = 0; k < width; k++)
            {
                double x = data[t * width + k] - mean[k];
                data[t * width + k] = x;
                deviation[k] += x * x;
            }
        }

        for (int k = 0; k < width; k++)
            deviation[k] = Math.Sqrt(deviation[k] / days);
        for (int i = 0; i < data.Length; i++)
            data[i] /= deviation[i % width];
        return (mean, deviation);
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<double> x, double factor)
    {
        Span<Vector<double>> lanes = MemoryMarshal.Cast<double, Vector<double>>(sum);
        ReadOnlySpan<Vector<double>> values = MemoryMarshal.Cast<double, Vector<double>>(x);
        for (int i = 0; i < lanes.Length; i++)
            lanes[i] += values[i] * factor;
        for (int i = lanes.Length * Vector<double>.Count; i < sum.Length; i++)
            sum[i] += x[i] * factor;
    }
}
