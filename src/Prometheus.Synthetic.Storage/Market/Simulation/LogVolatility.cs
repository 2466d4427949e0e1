using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>
/// Stochastic volatility: the log of the volatility is a Gaussian AR(1) with mean zero, started in its stationary law
/// (Taylor 1986). Its slow decay is what keeps |returns| correlated for months.
/// </summary>
internal static class LogVolatility
{
    /// <summary>Daily persistence; a half-life of 34 trading days.</summary>
    public const double Persistence = 0.98;

    /// <summary>Multipliers of the volatility, one per day, median 1.</summary>
    /// <param name="spread">Standard deviation of the log multiplier.</param>
    public static double[] Multipliers(SimulatedDraws draws, DrawLane lane, int series, int days, double spread)
    {
        double innovation = spread * Math.Sqrt(1 - Persistence * Persistence);
        double[] multipliers = new double[days];
        double level = 0;
        for (int t = 0; t < days; t++)
        {
            double z = draws.Normal(lane, series, t);
            level = t == 0 ? spread * z : Persistence * level + innovation * z;
            multipliers[t] = StableMath.Exp(level);
        }

        return multipliers;
    }
}
