namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>A state of the simulated economy. The names are the labels of the <c>regimes</c> table.</summary>
internal enum Phase
{
    CALM_CARRY = 0,
    REFLATION = 1,
    STAGFLATION = 2,
    RISK_OFF_CRISIS = 3,
    RECOVERY = 4,
}

/// <summary>
/// The regime chain: a semi-Markov cycle calm → reflation or stagflation → crisis → recovery → calm with random
/// durations. A cycle lasts 340 to 770 trading days, so twelve years see four to nine crises whatever the seed.
/// </summary>
internal static class RegimePhases
{
    private static readonly (int Low, int High)[] s_days = [(130, 320), (80, 180), (80, 180), (50, 110), (80, 160)];

    /// <summary>Daily volatility of the market factor in each phase, before stochastic volatility.</summary>
    public static double[] MarketVolatility { get; } = [0.0062, 0.0080, 0.0105, 0.0230, 0.0120];

    /// <summary>Mean daily return of the market factor: a crisis of 80 days costs about 30 %.</summary>
    public static double[] MarketDrift { get; } = [0.0010, 0.0012, 0.0003, -0.0048, 0.0026];

    /// <summary>Multiplier of instruments' own volatility: rises less than the market's, so correlations rise in crises.</summary>
    public static double[] OwnVolatility { get; } = [0.9, 1.0, 1.1, 1.4, 1.1];

    public static Phase[] Simulate(SimulatedDraws draws, int days)
    {
        var phases = new Phase[days];
        Phase phase = Phase.CALM_CARRY;
        // Which of the two late cycles comes first is drawn; then they alternate, so that twelve years see both.
        bool inflation = draws.Uniform(DrawLane.Phase, 0, 0) < 0.5;
        for (int t = 0, episode = 1; t < days; episode++)
        {
            (int low, int high) = s_days[(int)phase];
            int length = low + (int)((high - low + 1) * draws.Uniform(DrawLane.Phase, episode, 0));
            for (int i = 0; i < length && t < days; i++)
                phases[t++] = phase;
            phase = phase switch
            {
                Phase.CALM_CARRY => inflation ? Phase.STAGFLATION : Phase.REFLATION,
                Phase.REFLATION or Phase.STAGFLATION => Phase.RISK_OFF_CRISIS,
                Phase.RISK_OFF_CRISIS => Phase.RECOVERY,
                _ => Phase.CALM_CARRY,
            };
            if (phase == Phase.RECOVERY)
                inflation = !inflation;
        }

        return phases;
    }

    /// <summary>
    /// The labels a regime engine would have given in real time: it sees a change <paramref name="delay"/> trading days
    /// late, unsure at first; confidence climbs from about 0.55 to about 0.95 within a month.
    /// </summary>
    public static (Phase[] Labels, double[] Confidence) Observe(
        SimulatedDraws draws,
        Phase[] phases,
        int region,
        int delay
    )
    {
        var labels = new Phase[phases.Length];
        double[] confidence = new double[phases.Length];
        int since = 0;
        for (int t = 0; t < phases.Length; t++)
        {
            labels[t] = phases[Math.Max(0, t - delay)];
            since = t > 0 && labels[t] != labels[t - 1] ? 0 : since + 1;
            double settled = Math.Min(1.0, since / 21.0);
            confidence[t] = 0.55 + 0.36 * settled + 0.07 * draws.Uniform(DrawLane.Confidence, region, t);
        }

        return (labels, confidence);
    }
}
