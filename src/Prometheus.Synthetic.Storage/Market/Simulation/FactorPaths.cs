namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Daily returns of the eight factors, driven by the regime and one common stochastic volatility.</summary>
internal sealed class FactorPaths
{
    public static string[] Ids { get; } = ["CARRY", "LIQ", "LOWVOL", "MKT", "MOM", "QUAL", "SIZE", "VAL"];

    public const int Carry = 0;
    public const int Liq = 1;
    public const int LowVol = 2;
    public const int Market = 3;
    public const int Mom = 4;
    public const int Qual = 5;
    public const int Size = 6;
    public const int Val = 7;

    // Per factor (order of Ids): daily volatility in calm times, loading on the market, mean daily return per phase.
    private static readonly double[] s_volatility = [0.0022, 0.0018, 0.0024, 0, 0.0040, 0.0020, 0.0030, 0.0030];
    private static readonly double[] s_marketLoading = [0.10, 0.08, -0.12, 0, -0.05, -0.06, 0.06, 0.04];
    private static readonly double[][] s_drift =
    [
        [0.0003, 0.0001, 0.0000, -0.0010, 0.0004],
        [0.0001, 0.0001, 0.0000, -0.0008, 0.0004],
        [0.0001, 0.0000, 0.0002, 0.0002, -0.0003],
        [],
        [0.0004, 0.0003, 0.0002, 0.0005, -0.0016],
        [0.0001, 0.0001, 0.0002, 0.0004, -0.0002],
        [0.0001, 0.0002, -0.0001, -0.0004, 0.0006],
        [-0.0001, 0.0004, 0.0002, -0.0003, 0.0005],
    ];

    /// <summary>Simple returns, factor-major in the order of <see cref="Ids"/>.</summary>
    public required double[][] Values { get; init; }

    /// <summary>Volatility of the market factor known at the start of each day.</summary>
    public required double[] MarketVolatility { get; init; }

    public static FactorPaths Simulate(SimulatedDraws draws, Phase[] phases)
    {
        int days = phases.Length;
        double[] common = LogVolatility.Multipliers(draws, DrawLane.CommonVolatility, 0, days, 0.40);
        double[] volatility = new double[days];
        double[][] values = [.. Ids.Select(_ => new double[days])];
        for (int t = 0; t < days; t++)
        {
            int phase = (int)phases[t];
            volatility[t] = RegimePhases.MarketVolatility[phase] * common[t];
            // Bounded at ±25 %: the worst day of any developed market index on record is −22.6 % (19 October 1987).
            double market =
                RegimePhases.MarketDrift[phase] + volatility[t] * draws.HeavyTailed(DrawLane.Factor, Market, t);
            values[Market][t] = Math.Clamp(market, -0.25, 0.25);
            double scale = Math.Sqrt(volatility[t] / RegimePhases.MarketVolatility[0]);
            for (int f = 0; f < values.Length; f++)
            {
                if (f == Market)
                    continue;
                double value =
                    s_drift[f][phase]
                    + s_marketLoading[f] * (values[Market][t] - RegimePhases.MarketDrift[phase])
                    + s_volatility[f] * scale * draws.HeavyTailed(DrawLane.Factor, f, t);
                values[f][t] = Math.Clamp(value, -0.2, 0.2);
            }
        }

        return new FactorPaths { Values = values, MarketVolatility = volatility };
    }
}
