using System.Globalization;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>
/// An equity market: r = Σ exposure × factor + region + sector + own, every part with heavy tails and stochastic
/// volatility, plus sector funds and a total-market fund that are exact weighted sums of their constituents.
/// </summary>
internal sealed class EquityMarket(SimulatedWorld world, EquityRoster roster)
{
    private const double RegionVolatility = 0.0030;
    private const double SectorVolatility = 0.0035;

    /// <summary>A day's loss beyond this would be a default, which is simulated as a delisting instead.</summary>
    private const double WorstReturn = -0.80;
    private const double BestReturn = 1.50;
    private const double ExposureWander = 0.12;
    private const double ExposurePersistence = 0.9;

    private readonly SimulatedDraws _draws = world.Draws;

    public SimulatedMarket Simulate()
    {
        int n = world.Days.Length;
        double[] region = Shared(DrawLane.Region, roster.Ordinal, RegionVolatility);
        double[][] sectors =
        [
            .. EquityRoster.Sectors.Select(
                (_, s) => Shared(DrawLane.Sector, roster.Ordinal * 100 + s, SectorVolatility)
            ),
        ];
        var companies = new List<SimulatedInstrument>();
        double[] capital = new double[EquityRoster.Companies];
        for (int i = 0; i < EquityRoster.Companies; i++)
            companies.Add(Company(i, region, sectors[EquityRoster.SectorOf(i)], out capital[i]));

        var funds = new List<SimulatedInstrument>();
        string currency = roster.Countries[0].Currency;
        int[] everybody = [.. Enumerable.Range(0, companies.Count).Where(i => companies[i].Continuous)];
        funds.Add(
            WeightedIndex.Fund(
                new NewInstrument(
                    $"ETF:{roster.Region}TOTAL",
                    roster.MarketId,
                    "ETF",
                    $"{roster.Region}TOTAL",
                    currency
                ),
                [.. everybody.Select(i => (companies[i], capital[i]))],
                n
            )
        );
        for (int s = 0; s < EquityRoster.Sectors.Length; s++)
        {
            SectorSpec sector = EquityRoster.Sectors[s];
            string symbol = $"{roster.Region}{sector.Code}";
            var master = new NewInstrument($"ETF:{symbol}", roster.MarketId, "ETF", symbol, currency)
            {
                IssuerId = SectorId(sector),
                IssuerType = "SECTOR",
                IssuerName = $"{sector.Id} of {roster.MarketId}",
                Sector = sector.Id,
            };
            funds.Add(
                WeightedIndex.Fund(
                    master,
                    [.. everybody.Where(i => EquityRoster.SectorOf(i) == s).Select(i => (companies[i], capital[i]))],
                    n
                )
            );
        }

        return new SimulatedMarket(roster.MarketId, roster.Name, roster.Region, roster.Timezone)
        {
            Instruments = [.. companies, .. funds],
            Issuers =
            [
                .. EquityRoster.Sectors.Select(s => new SimulatedIssuer(
                    SectorId(s),
                    "SECTOR",
                    $"{s.Id} of {roster.MarketId}",
                    null,
                    s.Id,
                    0
                )),
                .. roster.Countries.Select(c => new SimulatedIssuer(
                    $"SOV_{c.Code}",
                    "SOVEREIGN",
                    $"Government of {c.Name}",
                    c.Code,
                    null,
                    c.Debt
                )),
            ],
        };
    }

    private string SectorId(SectorSpec sector) => $"{roster.Region}_{sector.Id}";

    private double[] Shared(DrawLane lane, int series, double volatility)
    {
        double[] multipliers = LogVolatility.Multipliers(
            _draws,
            DrawLane.CommonVolatility,
            1000 + series + (int)lane * 10_000,
            world.Days.Length,
            0.35
        );
        double[] values = new double[multipliers.Length];
        for (int t = 0; t < values.Length; t++)
            values[t] =
                volatility
                * multipliers[t]
                * RegimePhases.OwnVolatility[(int)world.Phases[t]]
                * _draws.HeavyTailed(lane, series, t);
        return values;
    }

    private SimulatedInstrument Company(int i, double[] region, double[] sector, out double capital)
    {
        int series = 1 + roster.Ordinal * 1000 + i;
        int n = world.Days.Length;
        SectorSpec spec = EquityRoster.Sectors[EquityRoster.SectorOf(i)];
        CountrySpec country = roster.CountryOf(i);
        double debt = _draws.Between(0.15, 1.2, DrawLane.Profile, series, 0);
        double own = _draws.Between(0.006, 0.013, DrawLane.Profile, series, 1);
        // Market values spread over about two orders of magnitude: log-normal with a log standard deviation of 1.
        double size = _draws.Normal(DrawLane.Profile, series, 2);
        capital = 2e10 * Scenarios.Numerics.StableMath.Exp(size);
        double[] typical = Typical(series, spec, debt, own, size);
        double[][] exposures = Exposures(series, typical);
        double[] multipliers = LogVolatility.Multipliers(_draws, DrawLane.OwnVolatility, series, n, 0.35);
        (int first, int last) = Listing(i, series, n);
        double[] returns = new double[n];
        Array.Fill(returns, double.NaN);
        for (int t = first + 1; t <= last; t++)
        {
            double[] b = exposures[world.MonthOf[t]];
            double r = region[t] + sector[t];
            for (int f = 0; f < b.Length; f++)
                r += b[f] * world.Factors.Values[f][t];
            r +=
                own
                * multipliers[t]
                * RegimePhases.OwnVolatility[(int)world.Phases[t]]
                * _draws.HeavyTailed(DrawLane.Own, series, t);
            returns[t] = Math.Clamp(r, WorstReturn, BestReturn);
        }

        double[] adjusted = SimulatedInstrument.Compound(
            returns,
            first,
            last,
            _draws.Between(15, 150, DrawLane.Profile, series, 3)
        );
        double[] close = BeforeDividends(adjusted, first, last, _draws.Between(0.0, 0.01, DrawLane.Profile, series, 4));
        string symbol = string.Create(
            CultureInfo.InvariantCulture,
            $"{roster.Letter}{spec.Code}{i / EquityRoster.Sectors.Length + 1:00}"
        );
        return new SimulatedInstrument(
            new NewInstrument($"EQUITY:{symbol}", roster.MarketId, "EQUITY", symbol, country.Currency)
            {
                IssuerId = symbol,
                IssuerName = $"{spec.Id} company {symbol} ({country.Name}, simulated)",
                Country = country.Code,
                Sector = spec.Id,
                Industry = roster.IndustryOf(i),
                Status = last < n - 1 ? "DELISTED" : "ACTIVE",
            }
        )
        {
            Returns = returns,
            Adjusted = adjusted,
            Close = close,
            Volume = Volumes(series, capital, returns, close, first, last),
            Exposures = exposures,
            Debt = debt,
        };
    }

    private double[] Typical(int series, SectorSpec spec, double debt, double own, double size)
    {
        double[] typical = new double[FactorPaths.Ids.Length];
        for (int f = 0; f < typical.Length; f++)
            typical[f] = 0.45 * _draws.Normal(DrawLane.Profile, series, 10 + f);
        // Debt gears the market exposure; small, volatile and indebted companies sit where their names say.
        typical[FactorPaths.Market] =
            0.85 + spec.Beta + 0.30 * (debt - 0.6) + 0.12 * _draws.Normal(DrawLane.Profile, series, 20);
        typical[FactorPaths.Size] -= 0.4 * size;
        typical[FactorPaths.LowVol] -= 80 * (own - 0.0095);
        typical[FactorPaths.Qual] -= 0.8 * (debt - 0.6);
        return typical;
    }

    /// <summary>Monthly exposures wander about what is typical of the company (AR(1) by month).</summary>
    private double[][] Exposures(int series, double[] typical)
    {
        double[][] months = new double[world.MonthStarts.Length][];
        double innovation = ExposureWander * Math.Sqrt(1 - ExposurePersistence * ExposurePersistence);
        double[] wander = new double[typical.Length];
        for (int m = 0; m < months.Length; m++)
        {
            months[m] = new double[typical.Length];
            for (int f = 0; f < typical.Length; f++)
            {
                double z = _draws.Normal(DrawLane.Exposure, series, m, (uint)f);
                wander[f] = m == 0 ? ExposureWander * z : ExposurePersistence * wander[f] + innovation * z;
                months[m][f] = typical[f] + wander[f];
            }
        }

        return months;
    }

    private (int First, int Last) Listing(int company, int series, int days)
    {
        double u = _draws.Uniform(DrawLane.Profile, series, 5);
        if (roster.Listings.Contains(company))
            return ((int)(days * (0.15 + 0.5 * u)), days - 1);
        return roster.Delistings.Contains(company) ? (0, (int)(days * (0.5 + 0.4 * u))) : (0, days - 1);
    }

    /// <summary>Takes the dividends still to come out of the adjustment: quarterly, ex on the first trading day of March, June, …</summary>
    private double[] BeforeDividends(double[] adjusted, int first, int last, double quarterly)
    {
        double[] close = new double[adjusted.Length];
        Array.Fill(close, double.NaN);
        double gross = 1;
        for (int t = last; t >= first; t--)
        {
            close[t] = adjusted[t] * gross;
            bool exDay = t > 0 && world.MonthOf[t] != world.MonthOf[t - 1] && world.Days[t].Month % 3 == 0;
            if (exDay)
                gross /= 1 - quarterly;
        }

        return close;
    }

    /// <summary>Turnover of about half a percent of the market value a day, more on days that move.</summary>
    private double[] Volumes(int series, double capital, double[] returns, double[] close, int first, int last)
    {
        double[] volume = new double[close.Length];
        Array.Fill(volume, double.NaN);
        double units = capital / close[last];
        for (int t = first; t <= last; t++)
        {
            double moved = double.IsNaN(returns[t]) ? 0 : Math.Abs(returns[t]);
            double z = _draws.Normal(DrawLane.Volume, series, t);
            volume[t] = Math.Floor(
                units * 0.005 * Scenarios.Numerics.StableMath.Exp(0.35 * z + Math.Min(2, 12 * moved))
            );
        }

        return volume;
    }
}
