using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The mean shock of the tilted sample: what the days that hurt look like, with the skew and fat tails that a covariance
/// does not know. Its divergence is κ = k²/2; it is drawn in where it would lie outside the ball or the bounds.
/// </summary>
internal static class EntropicWorstCase
{
    /// <param name="sample">T × d days of the metric's coordinates.</param>
    public static WorstCase Solve(
        CalibrationMetric metric,
        double[] sample,
        WorstCaseSolver solver,
        double[] exposure,
        double radius
    )
    {
        int d = metric.Dimension;
        int days = metric.Dates.Count;
        double[] losses = new double[days];
        for (int t = 0; t < days; t++)
        {
            double sum = 0.0;
            for (int i = 0; i < d; i++)
                sum += exposure[i] * sample[t * d + i];
            losses[t] = -sum;
        }

        EntropicTilt.Tilt tilt = EntropicTilt.Solve(losses, 0.5 * radius * radius);
        double[] shock = new double[d];
        for (int t = 0; t < days; t++)
        {
            for (int i = 0; i < d; i++)
                shock[i] += (tilt.Weights[t] - 1.0 / days) * sample[t * d + i];
        }

        (double room, IReadOnlyList<BindingBound> binding) = solver.Room(shock);
        double distance = metric.Distance(shock);
        double scale = Math.Min(room, distance > radius ? radius / distance : 1.0);
        double loss = 0.0;
        for (int i = 0; i < d; i++)
        {
            shock[i] *= scale;
            loss -= exposure[i] * shock[i];
        }

        return new WorstCase(shock, loss, distance * scale, room < 1.0 ? binding : [], room >= 1.0);
    }
}
