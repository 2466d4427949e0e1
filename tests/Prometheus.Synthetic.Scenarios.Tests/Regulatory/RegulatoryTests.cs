using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Regulatory;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Regulatory;

public sealed class RegulatoryTests
{
    private const string Definition = """
        {"kind":"regulatory","name":"TEST","version":3,"title":"t","source":"s","start_quarter":"2024Q4","periods":4,"series":[
         {"id":"UNRATE","unit":"percent","start":4.1,"values":{"2025Q3":10.0}},
         {"id":"DJ","unit":"index","start":58399.3,"interpolation":"log","market":true,"values":{"2025Q1":50000,"2025Q4":29199.6}},
         {"id":"DGS10","unit":"percent","panel_id":"DGS10","start":4.3,"floor":0,"values":{"2025Q2":1.0,"2025Q4":0.1}},
         {"id":"GDP","unit":"index","annualised_growth_percent":{"2025Q1":-8.9,"2025Q2":-6.7}}]}
        """;

    [Theory]
    [InlineData(4)]
    [InlineData(19)]
    [InlineData(60)]
    public void Every_path_hits_every_figure(int horizon)
    {
        const int paths = 12;
        IPathGenerator generator = Calibrate(Definition, paths, horizon, """, "noise":1.0""");
        double[] values = Families.Generate(generator, paths, horizon);
        int width = generator.Drivers.Count;
        (string Id, int Quarter, double Level)[] figures =
        [
            ("UNRATE", 3, 10.0),
            ("DJ", 1, 50000),
            ("DJ", 4, 29199.6),
            ("DGS10", 2, 1.0),
            ("DGS10", 4, 0.1),
            // 100·(1 − 0.089)^¼ and on by (1 − 0.067)^¼
            ("GDP", 1, 100 * Math.Pow(0.911, 0.25)),
            ("GDP", 2, 100 * Math.Pow(0.911 * 0.933, 0.25)),
        ];
        for (int p = 0; p < paths; p++)
        {
            foreach ((string id, int quarter, double level) in figures)
            {
                int k = generator.IndexOf(id);
                double reached = generator.Drivers[k].BaseLevel!.Value;
                for (int h = 0; h < quarter * horizon / 4; h++)
                {
                    reached += values[(p * horizon + h) * width + k];
                    if (id == "DGS10")
                        Assert.True(reached >= -1e-12);
                }

                Assert.Equal(level, reached, 1e-9);
            }
        }

        int rate = generator.IndexOf("DGS10");
        bool noisy = Enumerable
            .Range(0, horizon)
            .Any(h => values[h * width + rate] != values[(horizon + h) * width + rate]);
        // With one step a quarter some figure pins nearly every step; with more the paths differ.
        Assert.True(noisy || horizon == 4);
    }

    [Fact]
    public void The_average_instrument_moves_as_the_market_and_others_by_regression()
    {
        IPathGenerator generator = Calibrate(Definition, 1, 8);
        double[] values = Families.Generate(generator, 1, 8);
        int width = generator.Drivers.Count;
        int dj = generator.IndexOf("DJ");
        double level = 58399.3;
        for (int h = 0; h < 8; h++)
        {
            double market = values[h * width + dj] / level;
            level += values[h * width + dj];
            double mean = Enumerable
                .Range(0, width)
                .Where(k => generator.Drivers[k].Kind == DriverKind.Instrument)
                .Average(k => values[h * width + k]);
            Assert.Equal(market, mean, 1e-12);
        }
    }

    [Fact]
    public void A_crisis_is_its_own_days_where_the_panel_has_them_and_hand_set_where_not()
    {
        const string crisis = """
            {"kind":"crisis","name":"GFC","title":"t","source":"s","window":{"start":"2008-09-02","end":"2008-11-20"},
             "series":[{"id":"US_MARKET","unit":"index","start":100,"interpolation":"log","market":true,"values":{"20":86.6,"58":58.07}}]}
            """;
        ShockPanel panel = RealPanel.Us20().ToPanel();
        var snapshot = new CalibrationSnapshot(panel.Dates[^1], panel);
        IPathGenerator measured = Calibrate(crisis, 1, 58, "", snapshot);
        double[] replay = Families.Generate(measured, 1, 58);
        int first = panel.Dates.ToList().IndexOf(new DateOnly(2008, 9, 2));
        Assert.Equal(panel.Values.Slice(first * panel.Width, 58 * panel.Width).ToArray(), replay);
        Assert.Equal(new DateOnly(2008, 11, 20), measured.Describe(0)!.SourceDates![^1]);
        Assert.True((bool)measured.Report["measured_from_history"]!);

        IPathGenerator handSet = Calibrate(crisis, 1, 58, "");
        Assert.False((bool)handSet.Report["measured_from_history"]!);
        double[] values = Families.Generate(handSet, 1, 58);
        int k = handSet.IndexOf("US_MARKET");
        double level = 100.0 + Enumerable.Range(0, 58).Sum(h => values[h * handSet.Drivers.Count + k]);
        Assert.Equal(58.07, level, 1e-9);
        Families.AssertRefused(
            ErrorCodes.TooLittleHistory,
            "generator_spec.measured",
            () => Calibrate(crisis, 1, 58, """, "measured":"always" """)
        );
    }

    [Theory]
    [InlineData(
        """{"name":"X","title":"t","source":"s","start_quarter":"2024Q5","series":[{"id":"A","unit":"percent","start":1,"values":{"2025Q1":2}}]}""",
        "start_quarter"
    )]
    [InlineData(
        """{"name":"X","title":"t","source":"s","start_quarter":"2024Q4","series":[{"id":"A","unit":"bps","start":1,"values":{"2025Q1":2}}]}""",
        "series[0].unit"
    )]
    [InlineData(
        """{"name":"X","title":"t","source":"s","start_quarter":"2024Q4","series":[{"id":"A","unit":"percent","start":1,"values":{"2024Q4":2}}]}""",
        "series[0].values.2024Q4"
    )]
    [InlineData(
        """{"name":"X","title":"t","source":"s","start_quarter":"2024Q4","series":[{"id":"A","unit":"index","interpolation":"log","start":1,"values":{"2025Q1":-2}}]}""",
        "series[0].interpolation"
    )]
    [InlineData("""{"name":"X","title":"t","start_quarter":"2024Q4","series":[]}""", "source")]
    public void A_wrong_definition_is_refused_by_field(string content, string field) =>
        Families.AssertRefusedAt("f." + field, () => ScenarioDefinition.Parse("f", Families.Json(content)));

    [Fact]
    public void What_the_data_cannot_carry_is_refused()
    {
        Families.AssertRefused(ErrorCodes.OutOfRange, "horizon_days", () => Calibrate(Definition, 1, 3));
        Families.AssertRefused(
            ErrorCodes.Conflict,
            "generator_spec.definition",
            () =>
                Calibrate(
                    Definition.Replace(
                        "\"DGS10\",\"unit\":\"percent\"",
                        "\"DGS10\",\"unit\":\"index\"",
                        StringComparison.Ordinal
                    ),
                    1,
                    8
                )
        );
        Families.AssertRefused(
            ErrorCodes.MissingExposure,
            "generator_spec.definition",
            () =>
                Calibrate(
                    """{"name":"X","title":"t","source":"s","start_quarter":"2024Q4","series":[{"id":"A","unit":"percent","start":1,"values":{"2025Q1":2}}]}""",
                    1,
                    8
                )
        );
    }

    private static IPathGenerator Calibrate(
        string definition,
        int paths,
        int horizon,
        string more = "",
        CalibrationSnapshot? snapshot = null
    ) =>
        Families.Calibrate(
            ScenarioCategory.Regulatory,
            snapshot ?? Market.Snapshot(),
            """{"definition":{"name":"TEST","content":""" + definition + "}" + more + "}",
            paths,
            horizon
        );
}
