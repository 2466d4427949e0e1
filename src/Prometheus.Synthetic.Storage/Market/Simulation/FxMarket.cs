namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <param name="Rate">US dollars per unit at the start.</param>
/// <param name="Carry">Exposure to CARRY: high-interest currencies earn it and lose when it unwinds.</param>
/// <param name="Market">Exposure to MKT: havens are negative.</param>
/// <param name="Volatility">Own daily volatility.</param>
internal sealed record CurrencySpec(string Code, double Rate, double Carry, double Market, double Volatility);

/// <summary>
/// Exchange rates. Each currency has a value in US dollars; a pair is the ratio of two values, so every triangle
/// (EURJPY = EURUSD × USDJPY) closes to rounding.
/// </summary>
internal sealed class FxMarket(SimulatedWorld world)
{
    public const string MarketId = "FX_GLOB";
    private const int Series = 5001;

    private static readonly CurrencySpec[] s_currencies =
    [
        new("EUR", 1.15, 0.1, 0.03, 0.0036),
        new("GBP", 1.35, 0.2, 0.06, 0.0040),
        new("AUD", 0.72, 0.9, 0.14, 0.0042),
        new("NZD", 0.67, 0.8, 0.13, 0.0044),
        new("JPY", 0.0085, -0.8, -0.12, 0.0040),
        new("CHF", 1.08, -0.6, -0.06, 0.0038),
        new("CAD", 0.78, 0.3, 0.09, 0.0034),
        new("SEK", 0.11, 0.2, 0.08, 0.0042),
        new("NOK", 0.11, 0.4, 0.10, 0.0046),
        new("MXN", 0.056, 1.3, 0.20, 0.0058),
        new("ZAR", 0.064, 1.4, 0.22, 0.0070),
        new("BRL", 0.22, 1.5, 0.22, 0.0072),
    ];

    private static readonly string[] s_pairs =
    [
        "EURUSD",
        "GBPUSD",
        "AUDUSD",
        "NZDUSD",
        "USDJPY",
        "USDCHF",
        "USDCAD",
        "USDSEK",
        "USDNOK",
        "USDMXN",
        "USDZAR",
        "USDBRL",
        "EURJPY",
        "EURGBP",
        "EURCHF",
        "GBPJPY",
        "AUDJPY",
        "EURSEK",
        "EURNOK",
        "AUDNZD",
    ];

    // The dollar against six currencies, long USD; quotes XXXUSD enter short.
    private static readonly (string Pair, double Weight)[] s_dollar =
    [
        ("EURUSD", -0.576),
        ("USDJPY", 0.136),
        ("GBPUSD", -0.119),
        ("USDCAD", 0.091),
        ("USDSEK", 0.042),
        ("USDCHF", 0.036),
    ];

    /// <summary>Currency codes other than the dollar.</summary>
    public static IEnumerable<string> Currencies => s_currencies.Select(c => c.Code);

    /// <summary>The pair of a currency against the dollar.</summary>
    public static string DollarPair(string currency) =>
        s_pairs.First(p => p == currency + "USD" || p == "USD" + currency);

    public SimulatedMarket Simulate()
    {
        int n = world.Days.Length;
        var values = new Dictionary<string, (double[] Value, CurrencySpec Spec)>(StringComparer.Ordinal);
        double[] ones = new double[n];
        Array.Fill(ones, 1.0);
        values["USD"] = (ones, new CurrencySpec("USD", 1, 0, 0, 0));
        for (int c = 0; c < s_currencies.Length; c++)
            values[s_currencies[c].Code] = (Value(c), s_currencies[c]);
        SimulatedInstrument[] pairs = [.. s_pairs.Select(p => Pair(p, values[p[..3]], values[p[3..]]))];
        SimulatedInstrument dollar = WeightedIndex.Weighted(
            new NewInstrument("ETF:USDBASKET", MarketId, "ETF", "USDBASKET", "USD"),
            [.. s_dollar.Select(d => (pairs.First(p => p.Master.Symbol == d.Pair), d.Weight))],
            n
        );
        return new SimulatedMarket(MarketId, "Exchange rates (simulated)", "GLOBAL", "UTC")
        {
            Instruments = [.. pairs, dollar],
            Issuers = [],
        };
    }

    private double[] Value(int c)
    {
        CurrencySpec spec = s_currencies[c];
        int n = world.Days.Length;
        double[] multipliers = LogVolatility.Multipliers(world.Draws, DrawLane.OwnVolatility, Series + c, n, 0.35);
        double[] value = new double[n];
        value[0] = spec.Rate;
        for (int t = 1; t < n; t++)
        {
            double r =
                spec.Carry * world.Factors.Values[FactorPaths.Carry][t]
                + spec.Market * world.Factors.Values[FactorPaths.Market][t]
                + spec.Volatility
                    * multipliers[t]
                    * RegimePhases.OwnVolatility[(int)world.Phases[t]]
                    * world.Draws.HeavyTailed(DrawLane.Own, Series + c, t)
                // Purchasing power pulls slowly: a rate far from its start comes back at about 8 % a year.
                + 0.0003 * (spec.Rate / value[t - 1] - 1);
            value[t] = value[t - 1] * (1 + Math.Clamp(r, -0.35, 0.35));
        }

        return value;
    }

    private SimulatedInstrument Pair(
        string symbol,
        (double[] Value, CurrencySpec Spec) a,
        (double[] Value, CurrencySpec Spec) b
    )
    {
        int n = world.Days.Length;
        double[] rate = new double[n];
        double[] returns = new double[n];
        returns[0] = double.NaN;
        for (int t = 0; t < n; t++)
        {
            rate[t] = a.Value[t] / b.Value[t];
            if (t > 0)
                returns[t] = rate[t] / rate[t - 1] - 1;
        }

        // To first order a pair's exposures are the difference of its currencies'.
        double[] exposures = new double[FactorPaths.Ids.Length];
        exposures[FactorPaths.Carry] = a.Spec.Carry - b.Spec.Carry;
        exposures[FactorPaths.Market] = a.Spec.Market - b.Spec.Market;
        return new SimulatedInstrument(new NewInstrument($"FX:{symbol}", MarketId, "FX", symbol, symbol[3..]))
        {
            Returns = returns,
            Adjusted = rate,
            Close = rate,
            Exposures = [.. world.MonthStarts.Select(_ => exposures)],
        };
    }
}
