using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;
using Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

namespace Prometheus.Synthetic.Scenarios.Tests.Overlays;

public sealed class ShockOverlayTests
{
    private const int Horizon = 15;
    private const int Paths = 40;
    private static readonly CalibrationSnapshot s_snapshot = Market.Snapshot();

    [Fact]
    public void A_gap_takes_its_size_from_the_market_and_each_name_its_regression_share()
    {
        const double size = -0.15;
        (double[] before, double[] after, IPathGenerator generator) = Lay(
            """{"type":"CRASH_GAP","size":-0.15,"day":5,"aggregate":true,"applies_to":{"kind":"INSTRUMENT","asset_class":["EQUITY"]}}"""
        );
        ShockPanel panel = s_snapshot.Panel;
        int[] equities =
        [
            .. Enumerable
                .Range(0, panel.Width)
                .Where(k => panel.Drivers[k].Id.StartsWith("EQUITY", StringComparison.Ordinal)),
        ];
        double mean = equities.Average(k => Added(before, after, 0, 5, k));
        Assert.Equal(size, mean, 1e-12);

        // The share of each is its regression on the equal-weighted mean. The engine's covariance is shrunk: with
        // intensity δ the slopes differ from least squares by δ times their distance from the uncorrelated ones.
        double[] market = [.. Enumerable.Range(0, panel.Days).Select(t => equities.Average(k => panel[t, k]))];
        double average = market.Average();
        double variance = market.Sum(m => (m - average) * (m - average));
        for (int k = 0; k < panel.Width; k++)
        {
            double slope = Enumerable.Range(0, panel.Days).Sum(t => (market[t] - average) * panel[t, k]) / variance;
            Assert.Equal(slope * size, Added(before, after, 0, 5, k), 0.05 * Math.Abs(slope * size) + 1e-3);
        }

        Assert.Equal(before.AsSpan(0, 4 * panel.Width).ToArray(), after.AsSpan(0, 4 * panel.Width).ToArray());
        JsonNode mark = generator.Describe(0)!.Cells.First(c => c.Step == 5 && c.Driver == equities[0]).Metadata[
            "overlays"
        ]![0]!;
        Assert.Equal("CRASH_GAP", (string)mark["tag"]!);
        Assert.Equal("shocked", (string)mark["role"]!);
    }

    /// <summary>In half of history a driver moves with the shocked one, in the other half against it, with slopes ±½.</summary>
    [Theory]
    [InlineData("CALM", 0.5)]
    [InlineData("WILD", -0.5)]
    public void A_regime_filter_decides_whose_covariance_carries_the_shock_on(string regime, double slope)
    {
        const int days = 1_200;
        double[] values = Histories.Panel(days, 2, seed: 5).Values.ToArray();
        for (int t = days / 2; t < days; t++)
            values[2 * t + 1] *= -1.0;
        CalibrationSnapshot snapshot = Histories.WithRegimes(
            Histories.Of(days, 2, values),
            d => d < days / 2 ? "CALM" : "WILD"
        );
        const string spec =
            """{"baseline":{"category":"BOOTSTRAP","generator_spec":{"block_length":5}},"overlays":[{"type":"CUSTOM","size":-0.1,"mode":"replace","applies_to":{"ids":["EQUITY:T000"]}}]}""";
        IScenarioFamily family = ScenarioFamilies.All.For(ScenarioCategory.ShockOverlay);
        double[] path = Histories.All(Histories.Calibrate(family, snapshot, spec, 1, 1, [regime]), 1, 1);
        Assert.Equal(-0.1, path[0], 1e-12);
        // A slope over 600 days has standard error √(1 − ¼)/√600 = 0.035; four of them, and shrinkage of a few hundredths.
        Assert.Equal(slope * -0.1, path[1], 0.1 * (4 * 0.035 + 0.02));
    }

    [Fact]
    public void Decay_halves_and_recovery_gives_back()
    {
        (double[] before, double[] after, _) = Lay(
            """{"type":"RATE_SHOCK","size":0.8,"day":3,"half_life":1,"duration":3,"propagate":false,"applies_to":{"kind":"MACRO","ids":["DGS10"]},"recovery":{"share":0.5,"days":4}}"""
        );
        int k = s_snapshot.Panel.IndexOf(DriverKind.Macro, "DGS10");
        double[] expected = [0, 0, 0.8, 0.4, 0.2, -0.175, -0.175, -0.175, -0.175, 0, 0, 0, 0, 0, 0];
        for (int h = 1; h <= Horizon; h++)
            Assert.Equal(expected[h - 1], Added(before, after, 0, h, k), 1e-12);
    }

    /// <summary>Losses and gains compound: half the value lost comes back by doubling what is left.</summary>
    [Theory]
    [InlineData(-0.5, 1.0)]
    [InlineData(-0.5, 0.4)]
    [InlineData(0.6, 1.0)]
    public void The_share_asked_for_comes_back_to_every_driver(double size, double share)
    {
        string spec = FormattableString.Invariant(
            $$$"""{"type":"CUSTOM","size":{{{size}}},"day":3,"half_life":1,"duration":3,"applies_to":{"ids":["EQUITY:WEAK"]},"recovery":{"share":{{{share}}},"days":6}}"""
        );
        (double[] before, double[] after, _) = Lay(spec);
        ShockPanel panel = s_snapshot.Panel;
        for (int k = 0; k < panel.Width; k++)
        {
            bool compounds = panel.Drivers[k].Kind != DriverKind.Macro;
            double Moved(int first, int last) =>
                Enumerable
                    .Range(first, last - first + 1)
                    .Select(h => Added(before, after, 0, h, k))
                    .Aggregate(0.0, (level, s) => compounds ? (1 + level) * (1 + s) - 1 : level + s);
            double struck = Moved(3, 5);
            Assert.Equal((1 - share) * struck, Moved(3, 11), 1e-9);
            Assert.Equal(Added(before, after, 0, 6, k), Added(before, after, 0, 11, k), 1e-12);
            Assert.Equal(0.0, Moved(12, Horizon), 1e-12);
        }

        Assert.True(Math.Abs(Added(before, after, 0, 3, panel.IndexOf(DriverKind.Instrument, "EQUITY:SHOP"))) > 0.01);
    }

    [Fact]
    public void A_drain_takes_its_whole_size_over_its_days()
    {
        (double[] before, double[] after, IPathGenerator generator) = Lay(
            """{"type":"LIQUIDITY_DRAIN","size":-0.8,"duration":10,"day":2}"""
        );
        int k = generator.IndexOf("EQUITY:CHIP");
        double left = Enumerable.Range(2, 10).Aggregate(1.0, (v, h) => v * (1 + Added(before, after, 0, h, k)));
        Assert.Equal(0.2, left, 1e-12);
        Assert.Equal(Added(before, after, 0, 2, k), Added(before, after, 0, 11, k), 1e-12);
    }

    [Fact]
    public void Every_touched_cell_is_tagged_and_no_other()
    {
        (double[] before, double[] after, IPathGenerator generator) = Lay(
            """{"type":"CREDIT_FREEZE","name":"WIDER","size":{"normal":[2,0.5]},"day":{"uniform":[2,14]},"applies_to":{"kind":"MACRO","ids":["VIXCLS"]}},{"type":"LIQUIDITY_DRAIN","size":-0.1,"duration":4,"day":2,"applies_to":{"ids":["EQUITY:WEAK"]}}"""
        );
        int width = generator.Drivers.Count;
        for (int p = 0; p < Paths; p++)
        {
            HashSet<(int, int)> marked = [.. generator.Describe(p)!.Cells.Select(c => (c.Step, c.Driver))];
            for (int h = 1; h <= Horizon; h++)
            {
                for (int k = 0; k < width; k++)
                {
                    bool touched =
                        before[(p * Horizon + h - 1) * width + k] != after[(p * Horizon + h - 1) * width + k];
                    Assert.Equal(touched, marked.Contains((h, k)) || marked.Contains((h, -1)));
                }
            }
        }

        Assert.True(
            Enumerable
                .Range(0, Paths)
                .Select(p => (int)generator.Describe(p)!.Metadata!["overlays"]![0]!["day"]!)
                .Distinct()
                .Count() > 5
        );
    }

    [Fact]
    public void A_volatility_spike_scales_around_the_mean_of_the_path()
    {
        (double[] before, double[] after, _) = Lay("""{"type":"VOL_SPIKE","size":3,"day":1,"duration":15}""");
        int width = s_snapshot.Panel.Width;
        int k = s_snapshot.Panel.IndexOf(DriverKind.Instrument, "EQUITY:CHIP");
        double mean = Enumerable.Range(0, Horizon).Average(h => before[h * width + k]);
        for (int h = 0; h < Horizon; h++)
            Assert.Equal(mean + 3 * (before[h * width + k] - mean), after[h * width + k], 1e-14);
    }

    [Fact]
    public void A_correlation_spike_raises_correlations_and_keeps_volatilities()
    {
        const int many = 400;
        (double[] before, double[] after, IPathGenerator generator) = Lay(
            """{"type":"CORRELATION_SPIKE","size":0.7,"day":1,"duration":15,"applies_to":{"asset_class":["EQUITY"]}}""",
            many
        );
        int width = generator.Drivers.Count;
        int a = generator.IndexOf("EQUITY:SOUND");
        int b = generator.IndexOf("EQUITY:SOFT");
        (double rho0, double sa0, _) = Correlation(before, width, a, b);
        (double rho1, double sa1, _) = Correlation(after, width, a, b);
        Assert.True(rho1 > rho0 + 0.2, $"{rho0} -> {rho1}");
        // 6,000 bootstrapped days: a standard deviation's error is about 1/√(2·6000) ≈ 1 %, four of them allowed.
        Assert.Equal(1.0, sa1 / sa0, 0.04);
    }

    [Fact]
    public void An_overlay_on_a_sealed_set_starts_from_that_sets_paths()
    {
        var id = new Guid("33333333-3333-3333-3333-333333333333");
        CalibrationSnapshot snapshot = s_snapshot with
        {
            BaseSets = [Families.Base(id, ScenarioCategory.Bootstrap, "{}", s_snapshot, 10, 20)],
        };
        string spec = $$"""{"baseline":{"scenario_set_id":"{{id}}"},"overlays":[{"type":"CRASH_GAP","day":15}]}""";
        IPathGenerator generator = Families.Calibrate(ScenarioCategory.ShockOverlay, snapshot, spec, 25, Horizon);
        double[] values = Families.Generate(generator, 25, Horizon);
        double[] own = Families.Generate(
            Families.Calibrate(ScenarioCategory.Bootstrap, s_snapshot, "{}", 10, 20, 11),
            10,
            20
        );
        int width = generator.Drivers.Count;
        // Path 12 of the overlay is path 2 of the set; its first fourteen days are untouched.
        Assert.Equal(
            own.AsSpan(2 * 20 * width, 14 * width).ToArray(),
            values.AsSpan(12 * Horizon * width, 14 * width).ToArray()
        );
        Assert.Equal(2, (int)generator.Describe(12)!.Metadata!["baseline_path"]!);
        Assert.Equal(id.ToString(), (string)generator.Report["baseline"]!["scenario_set_id"]!);
    }

    [Fact]
    public void Probabilities_of_a_set_stay_when_every_path_is_used_once()
    {
        var id = new Guid("44444444-4444-4444-4444-444444444444");
        const string written =
            """{"definition":{"content":{"name":"H","paths":[{"probability":0.3,"shocks":[{"ids":["EQUITY:CHIP"],"values":[-0.1]}]},{"probability":0.7,"shocks":[{"ids":["EQUITY:CHIP"],"values":[0.1]}]}]}}}""";
        CalibrationSnapshot snapshot = s_snapshot with
        {
            BaseSets = [Families.Base(id, ScenarioCategory.Custom, written, s_snapshot, 2, Horizon)],
        };
        string spec = $$"""{"baseline":{"scenario_set_id":"{{id}}"},"overlays":[{"type":"CRASH_GAP"}]}""";
        IPathGenerator once = Families.Calibrate(ScenarioCategory.ShockOverlay, snapshot, spec, 2, Horizon);
        Assert.Equal(0.3, once.Describe(0)!.Probability);
        Assert.Equal(0.7, once.Describe(1)!.Probability);
        IPathGenerator again = Families.Calibrate(ScenarioCategory.ShockOverlay, snapshot, spec, 3, Horizon);
        Assert.Null(again.Describe(0)!.Probability);
    }

    [Theory]
    [InlineData("""{"overlays":[{"type":"CRASH_GAP"}]}""", ErrorCodes.Missing, "generator_spec.baseline")]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP","generator_spec":{"block_lenght":3}},"overlays":[{"type":"CRASH_GAP"}]}""",
        ErrorCodes.UnknownKey,
        "generator_spec.baseline.generator_spec.block_lenght"
    )]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP"},"overlays":[{"type":"CRASH_GAPS"}]}""",
        ErrorCodes.UnknownValue,
        "generator_spec.overlays[0].type"
    )]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP"},"overlays":[{"type":"CRASH_GAP","size":-1.5}]}""",
        ErrorCodes.OutOfRange,
        "generator_spec.overlays[0].size"
    )]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP"},"overlays":[{"type":"CRASH_GAP","day":16}]}""",
        ErrorCodes.OutOfRange,
        "generator_spec.overlays[0].day"
    )]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP"},"overlays":[{"type":"CRASH_GAP","applies_to":{"ids":["EQUITY:NONE"]}}]}""",
        ErrorCodes.NotFound,
        "generator_spec.overlays[0].applies_to"
    )]
    [InlineData(
        """{"baseline":{"category":"BOOTSTRAP"},"overlays":[{"type":"LIQUIDITY_DRAIN","half_life":2}]}""",
        ErrorCodes.Conflict,
        "generator_spec.overlays[0].half_life"
    )]
    [InlineData(
        """{"baseline":{"scenario_set_id":"x"},"overlays":[{"type":"CRASH_GAP"}]}""",
        ErrorCodes.WrongType,
        "generator_spec.baseline.scenario_set_id"
    )]
    public void Bad_specs_are_refused_by_field(string spec, string code, string field) =>
        Families.AssertRefused(
            code,
            field,
            () => Families.Calibrate(ScenarioCategory.ShockOverlay, s_snapshot, spec, 2, Horizon)
        );

    private static (double[] Before, double[] After, IPathGenerator Generator) Lay(string overlays, int paths = Paths)
    {
        string spec =
            """{"baseline":{"category":"BOOTSTRAP","generator_spec":{"block_length":5}},"overlays":["""
            + overlays
            + "]}";
        IPathGenerator generator = Families.Calibrate(ScenarioCategory.ShockOverlay, s_snapshot, spec, paths, Horizon);
        IPathGenerator baseline = Families.Calibrate(
            ScenarioCategory.Bootstrap,
            s_snapshot,
            """{"block_length":5}""",
            paths,
            Horizon
        );
        return (Families.Generate(baseline, paths, Horizon), Families.Generate(generator, paths, Horizon), generator);
    }

    /// <summary>What an overlay added: for returns the s of (1 + r)(1 + s) − 1.</summary>
    private static double Added(double[] before, double[] after, int path, int step, int k)
    {
        int width = s_snapshot.Panel.Width;
        int i = (path * Horizon + step - 1) * width + k;
        return s_snapshot.Panel.Drivers[k].Kind == DriverKind.Macro
            ? after[i] - before[i]
            : (1 + after[i]) / (1 + before[i]) - 1;
    }

    private static (double Rho, double DeviationA, double DeviationB) Correlation(
        double[] values,
        int width,
        int a,
        int b
    )
    {
        int days = values.Length / width;
        double[] x = [.. Enumerable.Range(0, days).Select(t => values[t * width + a])];
        double[] y = [.. Enumerable.Range(0, days).Select(t => values[t * width + b])];
        double mx = x.Average();
        double my = y.Average();
        double sx = Math.Sqrt(x.Average(v => (v - mx) * (v - mx)));
        double sy = Math.Sqrt(y.Average(v => (v - my) * (v - my)));
        return (x.Zip(y, (u, v) => (u - mx) * (v - my)).Average() / sx / sy, sx, sy);
    }
}
