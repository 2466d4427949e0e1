namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>What the stability and fragility engines would say of one entity on one day. Parts lie in [0, 1].</summary>
internal sealed record EntityScoreRow(string EntityType, string EntityId, DateOnly Day)
{
    /// <summary>Leverage at market value.</summary>
    public required double WeakProfile { get; init; }

    /// <summary>Volatility of the last 63 days.</summary>
    public required double Instability { get; init; }

    /// <summary>Expected shortfall of the last 252 days.</summary>
    public required double HighFragility { get; init; }

    /// <summary>How little of the risk the price shows: distance from a deep drawdown.</summary>
    public required double ComplacentPricing { get; init; }

    /// <summary>Mean of the worst 5 % of daily returns over the last 252 days, positive = loss.</summary>
    public required double ExpectedShortfall { get; init; }

    public required double WorstLoss { get; init; }

    /// <summary>Scenario name → loss (positive = loss) by the exposures in force.</summary>
    public required SortedDictionary<string, double> ScenarioLosses { get; init; }

    /// <summary>Geometric mean of the four parts: high only when all four are.</summary>
    public double SoftTarget => Math.Sqrt(Math.Sqrt(WeakProfile * Instability * HighFragility * ComplacentPricing));

    public double Stability => 1 - (0.4 * Instability + 0.3 * WeakProfile + 0.3 * HighFragility);

    public double Fragility => 0.6 * HighFragility + 0.4 * Instability;

    public string Class =>
        SoftTarget >= EntityScores.SoftTargetFrom ? "SOFT_TARGET"
        : SoftTarget >= EntityScores.WatchlistFrom ? "WATCHLIST"
        : "NONE";
}

/// <summary>
/// Scores that follow from the simulated state alone, each from data up to its day: leverage from debt and the fall of
/// the equity value, volatility, drawdown, expected shortfall. Issuers, sectors, sovereigns, markets and currencies.
/// </summary>
internal static class EntityScores
{
    public const double SoftTargetFrom = 0.58;
    public const double WatchlistFrom = 0.45;
    public const int Months = 12;
    private const int ShortWindow = 63;
    private const int LongWindow = 252;

    /// <summary>Scoring days: the last trading day of each of the last twelve months that has enough history.</summary>
    public static int[] ScoringDays(SimulatedWorld world)
    {
        int n = world.Days.Length;
        return
        [
            .. Enumerable
                .Range(0, n)
                .Where(t => t == n - 1 || world.MonthOf[t + 1] != world.MonthOf[t])
                .Where(t => t >= ShortWindow)
                .TakeLast(Months),
        ];
    }

    public static IReadOnlyList<EntityScoreRow> Of(SimulatedWorld world, SimulatedMarket market)
    {
        var rows = new List<EntityScoreRow>();
        foreach (int day in ScoringDays(world))
        {
            var banks = new List<(string Country, EntityScoreRow Row)>();
            foreach (SimulatedInstrument i in market.Instruments)
            {
                if (Entity(market, i) is not var (type, id) || !i.Listed(day) || !i.Listed(day - ShortWindow))
                    continue;
                EntityScoreRow row = Score(world, i, type, id, day);
                rows.Add(row);
                if (i.Master.Industry == "Banks")
                    banks.Add((i.Master.Country!, row));
            }

            foreach (SimulatedIssuer sovereign in market.Issuers.Where(s => s.Type == "SOVEREIGN"))
                rows.Add(
                    Sovereign(sovereign, [.. banks.Where(b => b.Country == sovereign.Country).Select(b => b.Row)])
                );
        }

        return rows;
    }

    private static (string Type, string Id)? Entity(SimulatedMarket market, SimulatedInstrument i) =>
        i.Master.AssetClass switch
        {
            "EQUITY" => ("ISSUER", i.Master.IssuerId!),
            "ETF" when i.Master.IssuerId is { } sector => ("SECTOR", sector),
            "ETF" => ("MARKET", market.MarketId),
            _ => FxMarket.Currencies.FirstOrDefault(c => "FX:" + FxMarket.DollarPair(c) == i.Master.InstrumentId)
                is { } currency
                ? ("FX", currency)
                : null,
        };

    private static EntityScoreRow Score(SimulatedWorld world, SimulatedInstrument i, string type, string id, int day)
    {
        int first = Math.Max(1, day - LongWindow + 1);
        double[] window = [.. i.Returns[first..(day + 1)].Where(r => !double.IsNaN(r))];
        double volatility = Deviation(window.AsSpan(Math.Max(0, window.Length - ShortWindow))) * Math.Sqrt(252);
        Array.Sort(window);
        int tail = Math.Max(1, (int)Math.Ceiling(0.05 * window.Length));
        double shortfall = -Mean(window.AsSpan(0, tail));
        double peak = 0;
        for (int t = first; t <= day; t++)
            peak = Math.Max(peak, double.IsNaN(i.Adjusted[t]) ? 0 : i.Adjusted[t]);
        double drawdown = 1 - i.Adjusted[day] / peak;
        double[] exposures = i.Exposures[world.MonthOf[day]];
        // Exchange rates move about a third as much as shares; each is measured on its own scale.
        double scale = type == "FX" ? 3.0 : 1.0;
        double weak =
            type == "FX"
                ? Unit(Math.Abs(exposures[FactorPaths.Carry]), 0.0, 1.5)
                : Unit(Leverage(i, day, first), 0.05, 0.65);
        return new EntityScoreRow(type, id, world.Days[day])
        {
            WeakProfile = weak,
            Instability = Unit(scale * volatility, 0.08, 0.60),
            HighFragility = Unit(scale * shortfall, 0.010, 0.075),
            ComplacentPricing = 1 - Unit(scale * drawdown, 0.0, 0.60),
            ExpectedShortfall = shortfall,
            WorstLoss = -window[0],
            ScenarioLosses = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["CARRY_UNWIND_10"] = 0.10 * exposures[FactorPaths.Carry],
                ["LIQUIDITY_WITHDRAWAL_10"] = 0.10 * exposures[FactorPaths.Liq],
                ["MARKET_DOWN_20"] = 0.20 * exposures[FactorPaths.Market],
                ["MOMENTUM_CRASH_15"] = 0.15 * exposures[FactorPaths.Mom],
            },
        };
    }

    /// <summary>Debt over debt plus equity: the equity as its price a year ago (1) has grown or shrunk since.</summary>
    private static double Leverage(SimulatedInstrument i, int day, int yearAgo)
    {
        int from = yearAgo;
        while (!i.Listed(from))
            from++;
        return i.Debt / (i.Debt + i.Adjusted[day] / i.Adjusted[from]);
    }

    /// <summary>A sovereign is as weak as its debt and as unstable as the banks that hold its paper.</summary>
    private static EntityScoreRow Sovereign(SimulatedIssuer sovereign, EntityScoreRow[] banks) =>
        new("ISSUER", sovereign.Id, banks[0].Day)
        {
            WeakProfile = Unit(sovereign.Debt, 0.3, 1.7),
            Instability = banks.Average(b => b.Instability),
            HighFragility = banks.Average(b => b.HighFragility),
            ComplacentPricing = banks.Average(b => b.ComplacentPricing),
            ExpectedShortfall = banks.Average(b => b.ExpectedShortfall),
            WorstLoss = banks.Max(b => b.WorstLoss),
            ScenarioLosses = new SortedDictionary<string, double>(
                banks[0].ScenarioLosses.Keys.ToDictionary(k => k, k => banks.Average(b => b.ScenarioLosses[k])),
                StringComparer.Ordinal
            ),
        };

    /// <summary>Where a value lies between low and high, as a share, cut to [0, 1].</summary>
    private static double Unit(double value, double low, double high) =>
        Math.Clamp((value - low) / (high - low), 0.0, 1.0);

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double v in values)
            sum += v;
        return sum / values.Length;
    }

    private static double Deviation(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double squares = 0;
        foreach (double v in values)
            squares += (v - mean) * (v - mean);
        return Math.Sqrt(squares / (values.Length - 1));
    }
}
