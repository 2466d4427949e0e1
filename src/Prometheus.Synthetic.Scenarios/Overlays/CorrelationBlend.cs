using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>
/// Draws the standardised moves of a day towards their common part: zᵢ → (√(1−θ)·zᵢ + √θ·c)/√v, c the mean of the z's
/// scaled to variance 1 and v the variance this has in the sample, so that every driver keeps its own volatility while
/// all correlations rise.
/// </summary>
internal sealed class CorrelationBlend(PanelMetric metric)
{
    private readonly Dictionary<int, int> _coordinate = Enumerable
        .Range(0, metric.Metric.Dimension)
        .ToDictionary(i => metric.Columns[i]);

    /// <param name="day">The K moves of a day.</param>
    /// <param name="hit">Drivers that move together.</param>
    /// <param name="theta">θ in [0, 1].</param>
    public void Apply(Span<double> day, int[] hit, double theta)
    {
        int[] drivers = [.. hit.Where(_coordinate.ContainsKey)];
        if (drivers.Length < 2 || theta <= 0.0)
            return;
        int d = metric.Metric.Dimension;
        double[] covariance = metric.Metric.Covariance.Values;
        double[] deviation = metric.Metric.Covariance.Deviation;
        double mean = 0.0;
        double total = 0.0;
        double[] rows = new double[drivers.Length];
        for (int a = 0; a < drivers.Length; a++)
        {
            int i = _coordinate[drivers[a]];
            mean += day[drivers[a]] / deviation[i];
            foreach (int k in drivers)
            {
                int j = _coordinate[k];
                rows[a] += covariance[i * d + j] / (deviation[i] * deviation[j]);
            }

            total += rows[a];
        }

        double common = mean / Math.Sqrt(total);
        double own = Math.Sqrt(1.0 - theta);
        double shared = Math.Sqrt(theta);
        for (int a = 0; a < drivers.Length; a++)
        {
            int i = _coordinate[drivers[a]];
            double variance = 1.0 + 2.0 * own * shared * rows[a] / Math.Sqrt(total);
            double z = day[drivers[a]] / deviation[i];
            day[drivers[a]] = deviation[i] * (own * z + shared * common) / Math.Sqrt(variance);
        }
    }
}
