using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>A macro series: levels on the days it is published.</summary>
internal sealed record MacroPath(string Id, string Unit, string Name, int[] Days, double[] Values);

/// <summary>Rates, credit, volatility, oil and labour: levels that follow the regime and the market factor.</summary>
internal static class MacroPaths
{
    public static string[] Ids { get; } =
    ["BBB_SPREAD", "OIL", "POLICY_RATE", "UNEMPLOYMENT", "VIX", "YIELD_10Y", "YIELD_2Y"];

    private const int MeetingDays = 30;

    // Levels towards which each phase pulls, in the order of Phase.
    private static readonly double[] s_policy = [2.0, 3.5, 5.0, 0.5, 0.75];
    private static readonly double[] s_term = [0.9, 1.1, 0.2, 0.8, 1.6];
    private static readonly double[] s_spread = [1.4, 1.5, 2.1, 4.8, 2.4];
    private static readonly double[] s_unemployment = [4.5, 4.0, 5.5, 8.0, 7.0];
    private static readonly double[] s_oilDrift = [0.0001, 0.0006, 0.0008, -0.0050, 0.0018];

    public static IReadOnlyList<MacroPath> Simulate(
        SimulatedDraws draws,
        DateOnly[] days,
        Phase[] phases,
        FactorPaths factors
    )
    {
        int n = days.Length;
        double[] policy = new double[n];
        double[] two = new double[n];
        double[] ten = new double[n];
        double[] spread = new double[n];
        double[] vix = new double[n];
        double[] oil = new double[n];
        double[] jobs = new double[n];
        int first = (int)phases[0];
        policy[0] = s_policy[first];
        two[0] = policy[0] + 0.2;
        ten[0] = policy[0] + s_term[first];
        oil[0] = 65;
        jobs[0] = s_unemployment[first];
        double logSpread = StableMath.Log(s_spread[first]);
        for (int t = 0; t < n; t++)
        {
            int phase = (int)phases[t];
            double market = factors.Values[FactorPaths.Market][t];
            if (t > 0)
            {
                policy[t] = policy[t - 1];
                if (t % MeetingDays == 0)
                {
                    // A meeting moves by whole quarter points, faster when it is far from where it wants to be.
                    double steps = Math.Round(
                        (s_policy[phase] - policy[t]) / 0.25 * 0.35,
                        MidpointRounding.AwayFromZero
                    );
                    policy[t] += 0.25 * Math.Clamp(steps, -3, 3);
                }

                double expected = 0.7 * policy[t] + 0.3 * s_policy[phase] + 0.15;
                two[t] = two[t - 1] + 0.02 * (expected - two[t - 1]) + 0.6 * market + 0.035 * Normal(0);
                double fair = 0.5 * policy[t] + 1.3 + s_term[phase];
                ten[t] = ten[t - 1] + 0.01 * (fair - ten[t - 1]) + 0.8 * market + 0.045 * Normal(1);
                oil[t] =
                    oil[t - 1]
                    * StableMath.Exp(
                        s_oilDrift[phase] + 0.003 * StableMath.Log(65 / oil[t - 1]) + 0.6 * market + 0.016 * Normal(2)
                    );
                jobs[t] = jobs[t - 1] + 0.008 * (s_unemployment[phase] - jobs[t - 1]) + 0.008 * Normal(3);
            }

            logSpread += 0.03 * (StableMath.Log(s_spread[phase]) - logSpread) - 0.9 * market + 0.008 * Normal(4);
            spread[t] = StableMath.Exp(logSpread);
            // Option-implied volatility: the market's true volatility of the day, annualised, with a premium and noise.
            vix[t] = 100 * 1.15 * Math.Sqrt(252) * factors.MarketVolatility[t] * StableMath.Exp(0.04 * Normal(5));

            double Normal(uint index) => draws.Normal(DrawLane.Macro, 0, t, index);
        }

        int[] daily = [.. days.Select(d => d.DayNumber)];
        int[] monthly = [.. Enumerable.Range(0, n).Where(t => t == 0 || days[t].Month != days[t - 1].Month)];
        return
        [
            new("BBB_SPREAD", "percent", "BBB corporate spread over government bonds", daily, spread),
            new("OIL", "usd_per_barrel", "Crude oil", daily, oil),
            new("POLICY_RATE", "percent", "Central bank policy rate", daily, policy),
            new(
                "UNEMPLOYMENT",
                "percent",
                "Unemployment rate, first trading day of the month",
                [.. monthly.Select(t => daily[t])],
                [.. monthly.Select(t => jobs[t])]
            ),
            new("VIX", "index_points", "Implied volatility of the market, 30 days, annualised", daily, vix),
            new("YIELD_10Y", "percent", "Ten-year government yield", daily, ten),
            new("YIELD_2Y", "percent", "Two-year government yield", daily, two),
        ];
    }
}
