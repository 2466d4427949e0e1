using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Regulatory;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests.Definitions;

/// <summary>The figures of the definitions that come with the engine: as published, as measured, and hit by every path.</summary>
public sealed class ShippedDefinitionTests
{
    /// <summary>
    /// Board of Governors of the Federal Reserve System, 2025 stress test scenarios, supervisory severely adverse,
    /// domestic: where each series starts, where it turns and where it ends.
    /// </summary>
    [Theory]
    [InlineData("UNRATE", "2024Q4", 4.1)]
    [InlineData("UNRATE", "2026Q3", 10.0)]
    [InlineData("DJ_TOTAL_MARKET", "2024Q4", 58399.3)]
    [InlineData("DJ_TOTAL_MARKET", "2025Q4", 29199.6)]
    [InlineData("DJ_TOTAL_MARKET", "2028Q1", 58399.3)]
    [InlineData("HOUSE_PRICES", "2024Q4", 322.1)]
    [InlineData("HOUSE_PRICES", "2026Q3", 214.4)]
    [InlineData("COMMERCIAL_REAL_ESTATE", "2024Q4", 309.3)]
    [InlineData("COMMERCIAL_REAL_ESTATE", "2026Q4", 216.5)]
    [InlineData("VIXCLS", "2025Q2", 65.0)]
    [InlineData("DTB3", "2024Q4", 4.4)]
    [InlineData("DTB3", "2025Q2", 0.1)]
    [InlineData("DGS5", "2025Q2", 0.5)]
    [InlineData("DGS10", "2024Q4", 4.3)]
    [InlineData("DGS10", "2025Q2", 1.0)]
    [InlineData("BBB_YIELD", "2025Q3", 6.0)]
    [InlineData("MORTGAGE_RATE", "2025Q2", 3.7)]
    [InlineData("PRIME_RATE", "2028Q1", 3.1)]
    public void The_federal_reserves_levels_are_as_published(string series, string quarter, double level) =>
        Assert.Equal(level, Level(Fed(), series, quarter), 1e-12);

    [Fact]
    public void The_federal_reserves_growth_rates_come_back_from_the_index()
    {
        double[] growth = [-8.9, -6.7, -8.0, -5.9, -1.8, 0.6, 0.9, 6.4, 6.0, 5.7, 5.3, 5.0, 4.8];
        ScenarioDefinition fed = Fed();
        DefinedSeries gdp = fed.Series.Single(s => s.Id == "REAL_GDP");
        Assert.Equal(growth.Length, fed.Periods);
        Assert.Equal(16, fed.Series.Count);
        for (int q = 1; q <= growth.Length; q++)
            Assert.Equal(growth[q - 1], 100 * (Math.Pow(gdp.LevelAt(q) / gdp.LevelAt(q - 1), 4) - 1), 1e-10);
    }

    /// <summary>EBA and ESRB, 2025 EU-wide stress test, adverse scenario for the EU.</summary>
    [Theory]
    [InlineData("EU_REAL_GDP", "2025Q4", 100 - 2.3)]
    [InlineData("EU_REAL_GDP", "2027Q4", 100 - 6.3)]
    [InlineData("EU_HICP", "2027Q4", 100 * 1.05 * 1.035 * 1.019)]
    [InlineData("EU_UNEMPLOYMENT_CHANGE", "2027Q4", 6.1)]
    public void What_the_like_scenario_takes_from_the_eba_is_as_published(string series, string quarter, double level)
    {
        ScenarioDefinition eba = Parsed("EBA_2025_LIKE_ADVERSE");
        Assert.False(eba.Published);
        Assert.Equal(level, Level(eba, series, quarter), 1e-9);
    }

    [Theory]
    [InlineData("FED_2025_SEVERELY_ADVERSE", 13)]
    [InlineData("FED_2025_SEVERELY_ADVERSE", 41)]
    [InlineData("FED_2025_SEVERELY_ADVERSE", 60)]
    [InlineData("EBA_2025_LIKE_ADVERSE", 12)]
    [InlineData("EBA_2025_LIKE_ADVERSE", 50)]
    public void Every_figure_of_every_quarter_is_hit_by_every_path(string name, int horizon)
    {
        const int paths = 5;
        ScenarioDefinition definition = Parsed(name);
        IPathGenerator generator = Calibrate(name, paths, horizon);
        double[] values = new double[paths * horizon * generator.Drivers.Count];
        generator.Generate(0, values);
        int width = generator.Drivers.Count;
        int figures = 0;
        for (int p = 0; p < paths; p++)
        {
            foreach (DefinedSeries series in definition.Series)
            {
                int k = Enumerable.Range(0, width).First(i => generator.Drivers[i].Id == series.Id);
                double level = generator.Drivers[k].BaseLevel!.Value;
                int step = 0;
                foreach ((int period, double figure) in series.Points.OrderBy(f => f.Key))
                {
                    for (; step < period * horizon / definition.Periods; step++)
                        level += values[(p * horizon + step) * width + k];
                    Assert.Equal(figure, level, 1e-9);
                    figures++;
                }
            }
        }

        Assert.True(figures >= paths * 7, $"{figures} figures");
    }

    /// <summary>
    /// Hand-set figures of the named crises against the history they were taken from: total US market from the Kenneth
    /// R. French data library (market factor plus risk-free rate), yields and VIX by FRED. Figures have two decimals.
    /// </summary>
    [Fact]
    public void Hand_set_crises_are_what_history_measures()
    {
        (DateOnly Date, double[] Row)[] market = Read("data/ff5_mom_daily_1963_2026.csv.gz", out string[] factors);
        (DateOnly Date, double[] Row)[] macro = Read("data/macro_credit_vol_daily_1986_2026.csv.gz", out string[] ids);
        int excess = Array.IndexOf(factors, "MKT_RF");
        int free = Array.IndexOf(factors, "RF");
        int figures = 0;
        foreach (Definition shipped in DefinitionLibrary.Load(null).All.Where(d => d.Kind == DefinitionKinds.Crisis))
        {
            ScenarioDefinition crisis = ScenarioDefinition.Parse("f", shipped.Content);
            (DateOnly start, DateOnly end) = crisis.Window!.Value;
            (DateOnly Date, double[] Row)[] days = [.. market.Where(d => d.Date >= start && d.Date <= end)];
            // The last figure is on the last day of the window, or on the sixtieth, beyond which no path goes.
            Assert.Equal(Math.Min(days.Length, GenerationShape.MaxHorizonDays), crisis.Periods);
            foreach (DefinedSeries series in crisis.Series)
            {
                double level = 100.0;
                for (int t = 1; t <= days.Length; t++)
                {
                    level *= 1.0 + days[t - 1].Row[excess] + days[t - 1].Row[free];
                    if (!series.Points.TryGetValue(t, out double figure))
                        continue;
                    double measured = series.IsMarket
                        ? level
                        : Last(macro, Array.IndexOf(ids, series.Id), days[t - 1].Date);
                    Assert.True(
                        Math.Abs(figure - measured) <= 0.0051,
                        $"{crisis.Name} {series.Id} day {t}: {figure} is written, {measured:0.####} measured"
                    );
                    figures++;
                }

                if (!series.IsMarket)
                    Assert.Equal(series.Start, Last(macro, Array.IndexOf(ids, series.Id), start.AddDays(-1)), 0.0051);
            }
        }

        Assert.True(figures > 80, $"{figures} figures");
    }

    private static ScenarioDefinition Fed() => Parsed("FED_2025_SEVERELY_ADVERSE");

    private static ScenarioDefinition Parsed(string name) =>
        ScenarioDefinition.Parse("f", DefinitionLibrary.Load(null).Find(name, DefinitionKinds.All, "f").Content);

    private static double Level(ScenarioDefinition definition, string series, string quarter) =>
        definition
            .Series.Single(s => s.Id == series)
            .LevelAt(Quarter.TryParse(quarter)!.Value.Number - definition.StartQuarter!.Value.Number);

    private static IPathGenerator Calibrate(string name, int paths, int horizon)
    {
        IScenarioFamily family = ScenarioFamilies.All.For(ScenarioCategory.Regulatory);
        var spec = new JsonObject
        {
            ["definition"] = DefinitionLibrary.Load(null).Find(name, DefinitionKinds.All, "f").Embedded(),
        };
        return family.Calibrate(
            Market(),
            family.ParseSpec(JsonSerializer.SerializeToElement(spec)),
            new GenerationShape(paths, horizon, 3),
            null
        );
    }

    /// <summary>Five names and the macro series that the definitions are tied to, 400 made-up days.</summary>
    private static CalibrationSnapshot Market()
    {
        Driver[] drivers =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(i => new Driver(DriverKind.Instrument, $"EQUITY:N{i}", Driver.SimpleReturn, 100.0)),
            new Driver(DriverKind.Macro, "DGS10", "percent", 4.0),
            new Driver(DriverKind.Macro, "DGS5", "percent", 4.0),
            new Driver(DriverKind.Macro, "DTB3", "percent", 4.0),
            new Driver(DriverKind.Macro, "VIXCLS", "index", 18.0),
        ];
        double[] scale = [0.01, 0.01, 0.01, 0.01, 0.01, 0.05, 0.05, 0.03, 1.5];
        double[] common = [0.01, 0.008, 0.012, 0.01, 0.006, 0.02, 0.02, 0.01, -1.2];
        const int days = 400;
        double[] values = new double[days * drivers.Length];
        var stream = new PhiloxStream(2);
        double[] z = new double[drivers.Length + 1];
        for (int t = 0; t < days; t++)
        {
            stream.FillNormals(z, 0, t, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < drivers.Length; k++)
                values[t * drivers.Length + k] = common[k] * z[^1] + scale[k] * z[k];
        }

        return new CalibrationSnapshot(
            new DateOnly(2024, 12, 31),
            new ShockPanel(
                drivers,
                [.. Enumerable.Range(0, days).Select(t => new DateOnly(2023, 1, 1).AddDays(t))],
                values
            )
        );
    }

    private static double Last((DateOnly Date, double[] Row)[] table, int column, DateOnly day) =>
        table.Last(d => d.Date <= day && !double.IsNaN(d.Row[column])).Row[column];

    private static (DateOnly, double[])[] Read(string file, out string[] ids)
    {
        using var stream = new GZipStream(File.OpenRead(SharedData.RequireFile(file)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        ids = reader.ReadLine()!.Split(',')[1..];
        var rows = new List<(DateOnly, double[])>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            rows.Add(
                (
                    DateOnly.Parse(cells[0], CultureInfo.InvariantCulture),
                    [
                        .. cells[1..]
                            .Select(c => c.Length == 0 ? double.NaN : double.Parse(c, CultureInfo.InvariantCulture)),
                    ]
                )
            );
        }

        return [.. rows];
    }
}
