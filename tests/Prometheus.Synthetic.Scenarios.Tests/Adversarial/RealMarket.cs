using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

/// <summary>Twenty US names with their sectors, VIX and the ten-year yield, on their common days since 2005.</summary>
internal static class RealMarket
{
    private static readonly Dictionary<string, string> s_sectors = new(StringComparer.Ordinal)
    {
        ["AAPL"] = "Technology",
        ["AMD"] = "Technology",
        ["MSFT"] = "Technology",
        ["BAC"] = "Banks",
        ["JPM"] = "Banks",
        ["BBY"] = "Retail",
        ["HD"] = "Retail",
        ["WMT"] = "Retail",
        ["CVX"] = "Energy",
        ["RRC"] = "Energy",
        ["XOM"] = "Energy",
        ["GE"] = "Industrials",
        ["JNJ"] = "Health",
        ["LLY"] = "Health",
        ["MRK"] = "Health",
        ["PFE"] = "Health",
        ["UNH"] = "Health",
        ["KO"] = "Staples",
        ["PEP"] = "Staples",
        ["PG"] = "Staples",
    };

    private static readonly Lazy<ShockPanel> s_panel = new(Build);

    public static CalibrationSnapshot Snapshot() =>
        new(s_panel.Value.Dates[^1], s_panel.Value)
        {
            Targets =
            [
                Market.Target("BANKS", 0.9, "EQUITY:BAC", "EQUITY:JPM"),
                Market.Target("AMD", 0.8, "EQUITY:AMD"),
                Market.Target("RRC", 0.7, "EQUITY:RRC"),
                Market.Target("KO", 0.6, "EQUITY:KO"),
            ],
        };

    private static ShockPanel Build()
    {
        ShockPanel equities = RealPanel.Us20().ToPanel(id => [("sector", s_sectors[id]), ("country", "US")]);
        (string[] ids, DateOnly[] dates, double[] levels) = RealPanel.Read(
            "data/macro_credit_vol_daily_1986_2026.csv.gz"
        );
        int vix = Array.IndexOf(ids, "VIXCLS");
        int rate = Array.IndexOf(ids, "DGS10");
        var day = new Dictionary<DateOnly, int>();
        for (int t = 0; t < dates.Length; t++)
        {
            if (!double.IsNaN(levels[t * ids.Length + vix]) && !double.IsNaN(levels[t * ids.Length + rate]))
                day[dates[t]] = t;
        }

        // Days on which all are known; a change is since the last such day, which is the trading day before but for a
        // handful of holidays of the bond market.
        int[] kept =
        [
            .. Enumerable
                .Range(0, equities.Days)
                .Where(t => equities.Dates[t].Year >= 2005 && day.ContainsKey(equities.Dates[t])),
        ];
        int width = equities.Width + 2;
        double[] values = new double[(kept.Length - 1) * width];
        for (int i = 1; i < kept.Length; i++)
        {
            Span<double> row = values.AsSpan((i - 1) * width, width);
            for (int k = 0; k < equities.Width; k++)
                row[k] = equities[kept[i], k];
            row[^2] = Level(kept[i], rate) - Level(kept[i - 1], rate);
            row[^1] = Level(kept[i], vix) - Level(kept[i - 1], vix);
        }

        return new ShockPanel(
            [
                .. equities.Drivers,
                new Driver(DriverKind.Macro, "DGS10", "percent", Level(kept[^1], rate)),
                new Driver(DriverKind.Macro, "VIXCLS", "index", Level(kept[^1], vix)),
            ],
            [.. kept.Skip(1).Select(t => equities.Dates[t])],
            values
        );

        double Level(int t, int series) => levels[day[equities.Dates[t]] * ids.Length + series];
    }
}
