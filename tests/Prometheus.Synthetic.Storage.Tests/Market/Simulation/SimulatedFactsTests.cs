using Prometheus.Synthetic.Storage.Market.Simulation;

namespace Prometheus.Synthetic.Storage.Tests.Market.Simulation;

/// <summary>The stylised facts of daily returns (Cont 2001), on the total-market fund and the companies.</summary>
public sealed class SimulatedFactsTests
{
    private static readonly DateOnly s_end = new(2026, 10, 30);

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tails_are_fat(int seed)
    {
        // Student's t with five degrees of freedom alone has an excess kurtosis of 6; regimes and stochastic volatility
        // only add to it, summing over parts takes some away. 3 is the bound asked for; a Gaussian sample of 3,100 days
        // would stay within 4 · √(24/3100) = 0.35 of zero.
        (SimulatedWorld world, SimulatedMarket us) = Market(seed, "US_EQ");
        Assert.True(ExcessKurtosis(Total(us).Returns[1..]) > 3);
        double[] companies = [.. Companies(us).Where(c => c.Continuous).Select(c => ExcessKurtosis(c.Returns[1..]))];
        Array.Sort(companies);
        Assert.True(companies[companies.Length / 2] > 3, $"median {companies[companies.Length / 2]}");
        Assert.Equal(world.Days.Length, Total(us).Returns.Length);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Volatility_clusters_for_months_while_returns_do_not(int seed)
    {
        double[] r = Total(Market(seed, "US_EQ").Market).Returns[1..];
        double[] size = [.. r.Select(Math.Abs)];
        double se = 1 / Math.Sqrt(r.Length);
        for (int lag = 1; lag <= 50; lag++)
            Assert.True(Autocorrelation(size, lag) > 0, $"lag {lag}");
        // Ten lags together: white noise would stay within 4 standard errors of zero, se/√10 each.
        Assert.True(Enumerable.Range(41, 10).Average(lag => Autocorrelation(size, lag)) > 4 * se / Math.Sqrt(10));
        // Returns themselves: regime means leave a little; with volatility this uneven the error of an
        // autocorrelation is about √(excess kurtosis + 1) times 1/√n, so 0.2 is more than 3 of them.
        Assert.InRange(Autocorrelation(r, 1), -0.2, 0.2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Several_crises_take_the_market_down_by_a_fifth(int seed)
    {
        (SimulatedWorld world, SimulatedMarket us) = Market(seed, "US_EQ");
        double[] level = Total(us).Adjusted;
        int deep = 0;
        for (int t = 1; t < level.Length; t++)
        {
            if (world.Phases[t] != Phase.RISK_OFF_CRISIS || world.Phases[t - 1] == Phase.RISK_OFF_CRISIS)
                continue;
            double low = level[t - 1];
            for (int s = t; s < level.Length && world.Phases[s] == Phase.RISK_OFF_CRISIS; s++)
                low = Math.Min(low, level[s]);
            if (low / level[t - 1] < 0.8)
                deep++;
        }

        Assert.True(deep >= 3, $"{deep} crises of more than 20 %");
        Assert.True(world.Phases.Distinct().Count() == 5, "every regime occurs in twelve years");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Correlations_rise_in_crises(int seed)
    {
        (SimulatedWorld world, SimulatedMarket us) = Market(seed, "US_EQ");
        SimulatedInstrument[] some = [.. Companies(us).Where(c => c.Continuous).Take(20)];
        double calm = MeanCorrelation(some, world, Phase.CALM_CARRY);
        double crisis = MeanCorrelation(some, world, Phase.RISK_OFF_CRISIS);
        // 190 pairs share their days; the error of their mean is at most that of one pair, about 1/√300 = 0.06.
        Assert.True(crisis > calm + 0.12, $"calm {calm:0.00}, crisis {crisis:0.00}");
    }

    [Fact]
    public void Exposures_explain_what_factors_move()
    {
        (SimulatedWorld world, SimulatedMarket us) = Market(1, "US_EQ");
        SimulatedInstrument total = Total(us);
        double[] explained = new double[world.Days.Length];
        for (int t = 1; t < explained.Length; t++)
        {
            for (int f = 0; f < FactorPaths.Ids.Length; f++)
                explained[t] += total.Exposures[world.MonthOf[t]][f] * world.Factors.Values[f][t];
        }

        // Beside the factors (about 1.1 % a day over regimes) stand region 0.3–0.5 % and diversified rests: R² > 0.7.
        Assert.True(Correlation(explained[1..], total.Returns[1..]) > 0.84);
    }

    internal static (SimulatedWorld World, SimulatedMarket Market) Market(int seed, string id, int years = 12)
    {
        var world = SimulatedWorld.Create((ulong)seed, years, s_end);
        return (world, MarketSimulator.Simulate(world, id));
    }

    internal static SimulatedInstrument Total(SimulatedMarket market) =>
        market.Instruments.Single(i => i.Master is { AssetClass: "ETF", IssuerId: null });

    private static IEnumerable<SimulatedInstrument> Companies(SimulatedMarket market) =>
        market.Instruments.Where(i => i.Master.AssetClass == "EQUITY");

    private static double MeanCorrelation(SimulatedInstrument[] some, SimulatedWorld world, Phase phase)
    {
        int[] days = [.. Enumerable.Range(1, world.Days.Length - 1).Where(t => world.Phases[t] == phase)];
        double[][] r = [.. some.Select(i => days.Select(t => i.Returns[t]).ToArray())];
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < r.Length; i++)
        {
            for (int j = 0; j < i; j++, pairs++)
                sum += Correlation(r[i], r[j]);
        }

        return sum / pairs;
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average();
        double mb = b.Average();
        double ab = a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum();
        return ab / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }

    private static double Autocorrelation(double[] x, int lag) => Correlation(x[..^lag], x[lag..]);

    private static double ExcessKurtosis(double[] x)
    {
        double mean = x.Average();
        double second = x.Average(v => (v - mean) * (v - mean));
        return x.Average(v => Math.Pow(v - mean, 4)) / (second * second) - 3;
    }
}
