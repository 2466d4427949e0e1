using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

/// <summary>A small made-up market of one factor, sectors, banks, two macro series, an FX triangle and an index.</summary>
internal static class Market
{
    public const int Days = 600;

    public static CalibrationSnapshot Snapshot(bool factors = false, bool zeroed = false, ulong seed = 5)
    {
        (Driver Driver, double Beta, double Own)[] columns = [.. Columns(factors)];
        var stream = new PhiloxStream(seed);
        double[] values = new double[Days * columns.Length];
        double[] own = new double[columns.Length];
        for (int t = 0; t < Days; t++)
        {
            double market = 0.01 * stream.Normal(0, t, DrawPurpose.SimulatedMarket);
            stream.FillNormals(own, 1, t, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < columns.Length; k++)
                values[t * columns.Length + k] = columns[k].Beta * market + columns[k].Own * own[k];
            Derive(columns, values.AsSpan(t * columns.Length, columns.Length));
            if (zeroed)
                values[t * columns.Length + Index(columns, "EQUITY:WEAK")] = 0.0;
        }

        var panel = new ShockPanel(
            [.. columns.Select(c => c.Driver)],
            [.. Enumerable.Range(0, Days).Select(t => new DateOnly(2020, 1, 1).AddDays(t))],
            values
        );
        return new CalibrationSnapshot(new DateOnly(2022, 1, 1), panel)
        {
            Targets =
            [
                Target("WEAK", 0.9, "EQUITY:WEAK"),
                Target("BANKONE", 0.7, "EQUITY:BANKA", "EQUITY:BANKB"),
                Target("SOUND", 0.2, "EQUITY:SOUND"),
            ],
        };
    }

    public static TargetEntity Target(string id, double score, params string[] instruments) =>
        new("ISSUER", id, score, new SortedDictionary<string, double>(), instruments);

    private static IEnumerable<(Driver, double, double)> Columns(bool factors)
    {
        var all = new List<(Driver Driver, double Beta, double Own)>
        {
            (Equity("WEAK", "Retail"), 1.3, 0.02),
            (Equity("SHOP", "Retail"), 1.1, 0.012),
            (Equity("BANKA", "Banks"), 1.2, 0.01),
            (Equity("BANKB", "Banks"), 1.1, 0.01),
            (Equity("SOUND", "Utilities"), 0.5, 0.008),
            (Equity("POWER", "Utilities"), 0.4, 0.008),
            (Equity("CHIP", "Technology"), 1.2, 0.015),
            (Equity("SOFT", "Technology"), 1.0, 0.012),
            (Equity("DRUG", "Health"), 0.6, 0.01),
            (Equity("CARE", "Health"), 0.7, 0.01),
            (
                new Driver(DriverKind.Instrument, "ETF:ALL", Driver.SimpleReturn)
                {
                    Attributes = new SortedDictionary<string, string>
                    {
                        ["asset_class"] = "ETF",
                        ["constituents"] = """{"EQUITY:WEAK":0.5,"EQUITY:SOUND":0.3,"EQUITY:CHIP":0.2}""",
                    },
                },
                0,
                0
            ),
            (Fx("EURUSD"), 0.1, 0.005),
            (Fx("USDJPY"), 0.2, 0.005),
            (Fx("EURJPY"), 0, 0),
            (new Driver(DriverKind.Macro, "VIXCLS", "index", 18.0), -90, 0.8),
            (new Driver(DriverKind.Macro, "DGS10", "percent", 1.5), 1.0, 0.04),
        };
        if (factors)
        {
            all.Add((new Driver(DriverKind.Factor, "MKT", Driver.SimpleReturn), 1.0, 1e-4));
            all.Add((new Driver(DriverKind.Factor, "SIZE", Driver.SimpleReturn), 0.1, 0.004));
        }

        return all.OrderBy(c => c.Driver, Comparer<Driver>.Create(Driver.CompareCanonical));
    }

    /// <summary>History is consistent with itself, as a real one is.</summary>
    private static void Derive((Driver Driver, double Beta, double Own)[] columns, Span<double> day)
    {
        day[Index(columns, "FX:EURJPY")] =
            (1 + day[Index(columns, "FX:EURUSD")]) * (1 + day[Index(columns, "FX:USDJPY")]) - 1;
        day[Index(columns, "ETF:ALL")] =
            0.5 * day[Index(columns, "EQUITY:WEAK")]
            + 0.3 * day[Index(columns, "EQUITY:SOUND")]
            + 0.2 * day[Index(columns, "EQUITY:CHIP")];
    }

    private static int Index((Driver Driver, double, double)[] columns, string id) =>
        Array.FindIndex(columns, c => c.Driver.Id == id);

    private static Driver Equity(string symbol, string sector) =>
        new(DriverKind.Instrument, "EQUITY:" + symbol, Driver.SimpleReturn, 100.0)
        {
            Attributes = new SortedDictionary<string, string>
            {
                ["asset_class"] = "EQUITY",
                ["sector"] = sector,
                ["country"] = "US",
            },
        };

    private static Driver Fx(string symbol) =>
        new(DriverKind.Instrument, "FX:" + symbol, Driver.SimpleReturn, 1.0)
        {
            Attributes = new SortedDictionary<string, string> { ["asset_class"] = "FX" },
        };
}
