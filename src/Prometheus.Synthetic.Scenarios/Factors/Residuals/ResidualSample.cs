using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>What a residual sampler is fitted to: the pool's residuals of the N instruments, means zero.</summary>
/// <param name="Rows">P × N residuals, day after day.</param>
public sealed record ResidualSample(DayPool Pool, int Instruments, double[] Rows, PhiloxStream Stream)
{
    /// <summary>Standard deviation of each instrument's residuals about their mean of zero, divided by P.</summary>
    public double[] Deviations()
    {
        double[] deviations = new double[Instruments];
        for (int t = 0; t < Pool.Count; t++)
        {
            for (int i = 0; i < Instruments; i++)
            {
                double e = Rows[t * Instruments + i];
                deviations[i] += e * e;
            }
        }

        for (int i = 0; i < Instruments; i++)
            deviations[i] = Math.Sqrt(deviations[i] / Pool.Count);
        return deviations;
    }
}
