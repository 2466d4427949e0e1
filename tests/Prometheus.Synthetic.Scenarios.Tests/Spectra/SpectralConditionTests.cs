using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;
using Prometheus.Synthetic.Scenarios.Spectra;
using Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

namespace Prometheus.Synthetic.Scenarios.Tests.Spectra;

public sealed class SpectralConditionTests
{
    private static readonly CalibrationSnapshot Market = ClusteredMarket.Snapshot(800, 3);

    private static IPathGenerator Windows(string spec, int paths = 200) =>
        new HistoricalFamily().Calibrate(
            Market,
            new HistoricalFamily().ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            new GenerationShape(paths, 32, 5),
            null
        );

    [Theory]
    [InlineData("TREND_DOMINATED", WindowClass.TrendDominated)]
    [InlineData("CHOPPY", WindowClass.Choppy)]
    [InlineData("OSCILLATORY", WindowClass.Oscillatory)]
    public void Windows_of_a_class_are_windows_of_that_class(string name, WindowClass expected)
    {
        IPathGenerator generator = Windows($$$"""{"spectral_condition":{"window_days":32,"classes":["{{{name}}}"]}}""");
        var classifier = new WindowClassifier(32);
        double[] path = new double[32 * 3];
        for (int p = 0; p < 200; p++)
        {
            generator.Generate(p, path);
            double[] mean =
            [
                .. Enumerable.Range(0, 32).Select(h => (path[3 * h] + path[3 * h + 1] + path[3 * h + 2]) / 3),
            ];
            Assert.Equal(expected, classifier.Score(mean).Class);
        }
    }

    /// <summary>Every day has one class, so the three pools split the days on which a window can start.</summary>
    [Fact]
    public void The_classes_split_history()
    {
        double[] series = PortfolioOf(Market.Panel);
        StartPool[] pools =
        [
            .. Enum.GetValues<WindowClass>()
                .Select(c => StartPool.All(series.Length).Where(new SpectralClassCondition(series, 32, [c]))),
        ];

        Assert.Equal(series.Length - 31, pools.Sum(p => p.Count));
        Assert.All(pools, p => Assert.True(p.Count > 0));
    }

    [Fact]
    public void The_nearest_share_keeps_so_many_days_and_none_farther_than_those_left_out()
    {
        double[] series = PortfolioOf(Market.Panel);
        var condition = new SpectralDistanceCondition(series, 63, 0.2);
        double[] today = SpectralDistance.Profile(series.AsSpan(series.Length - 63), 5);
        double Distance(int day) =>
            SpectralDistance.Between(SpectralDistance.Profile(series.AsSpan(day - 63, 63), 5), today);

        int[] near = [.. Enumerable.Range(63, series.Length - 63).Where(condition.Admits)];
        int[] far = [.. Enumerable.Range(63, series.Length - 63).Except(near)];

        Assert.Equal((int)(0.2 * (series.Length - 63)), near.Length);
        Assert.True(near.Max(Distance) <= far.Min(Distance));
        Assert.False(condition.Admits(10));
    }

    [Theory]
    [InlineData("""{"spectral_condition":{}}""", "generator_spec.spectral_condition.classes")]
    [InlineData("""{"spectral_condition":{"classes":["CHOPY"]}}""", "generator_spec.spectral_condition.classes")]
    [InlineData("""{"spectral_condition":{"classes":[]}}""", "generator_spec.spectral_condition.classes")]
    [InlineData("""{"spectral_condition":{"nearest_share":0}}""", "generator_spec.spectral_condition.nearest_share")]
    [InlineData(
        """{"spectral_condition":{"classes":["CHOPPY"],"window_days":500}}""",
        "generator_spec.spectral_condition.window_days"
    )]
    [InlineData(
        """{"spectral_condition":{"classes":["CHOPPY"],"windowdays":30}}""",
        "generator_spec.spectral_condition.windowdays"
    )]
    public void Absurd_specs_are_refused_by_field(string spec, string field)
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() => Windows(spec));
        Assert.Contains(refused.Errors, e => e.Field == field);
    }

    [Fact]
    public void An_unknown_driver_or_too_short_a_history_is_refused()
    {
        Assert.Equal(
            "generator_spec.spectral_condition.driver",
            Assert
                .Throws<ScenarioRefusedException>(() =>
                    Windows("""{"spectral_condition":{"classes":["CHOPPY"],"driver":"EQUITY:M0"}}""")
                )
                .Errors[0]
                .Field
        );
        var spec = new SpectralConditionSpec(63, [WindowClass.Choppy], null, null);
        Assert.Equal(
            ErrorCodes.TooLittleHistory,
            Assert
                .Throws<ScenarioRefusedException>(() => spec.Conditions(ClusteredMarket.Snapshot(100, 2)).ToList())
                .Errors[0]
                .Code
        );
    }

    private static IPathGenerator Blocks(CalibrationSnapshot market, string spec) =>
        new BlockBootstrapFamily().Calibrate(
            market,
            new BlockBootstrapFamily().ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            new GenerationShape(200, 32, 5),
            null
        );

    /// <summary>Blocks as long as the path that do not wrap: each path is one window, and of the class asked for.</summary>
    [Theory]
    [InlineData("TREND_DOMINATED", WindowClass.TrendDominated)]
    [InlineData("OSCILLATORY", WindowClass.Oscillatory)]
    public void Blocks_of_a_class_start_on_days_of_that_class(string name, WindowClass expected)
    {
        IPathGenerator generator = Blocks(
            Market,
            $$$"""{"scheme":"moving","block_length":32,"spectral_condition":{"window_days":32,"classes":["{{{name}}}"]}}"""
        );
        var classifier = new WindowClassifier(32);
        double[] path = new double[32 * 3];
        for (int p = 0; p < 200; p++)
        {
            generator.Generate(p, path);
            double[] mean =
            [
                .. Enumerable.Range(0, 32).Select(h => (path[3 * h] + path[3 * h + 1] + path[3 * h + 2]) / 3),
            ];
            Assert.Equal(expected, classifier.Score(mean).Class);
        }
    }

    [Fact]
    public void Blocks_near_today_start_after_windows_like_today()
    {
        var near = new SpectralDistanceCondition(PortfolioOf(Market.Panel), 63, 0.2);
        IPathGenerator generator = Blocks(
            Market,
            """{"scheme":"moving","block_length":32,"spectral_condition":{"nearest_share":0.2}}"""
        );
        var days = Market.Panel.Dates.Select((d, t) => (d, t)).ToDictionary(x => x.d, x => x.t);
        var starts = new HashSet<int>();
        for (int p = 0; p < 200; p++)
            starts.Add(days[generator.Describe(p)!.SourceDates![0]]);
        Assert.All(starts, day => Assert.True(near.Admits(day), $"day {day}"));
        Assert.True(starts.Count > 20);
    }

    /// <summary>A pure cycle of eight days has no window that trends: nothing to draw from, whatever the family.</summary>
    [Fact]
    public void A_class_with_no_windows_is_refused_by_every_family()
    {
        CalibrationSnapshot cycle = GivenSet.History(
            GivenSet.Instruments(3),
            400,
            (t, k) => 0.01 * (1 + k) * Math.Sin(2 * Math.PI * t / 8)
        );
        const string condition = """{"spectral_condition":{"window_days":32,"classes":["TREND_DOMINATED"]}}""";
        var windows = new HistoricalFamily();
        Func<IPathGenerator>[] asked =
        [
            () => Blocks(cycle, condition),
            () =>
                windows.Calibrate(
                    cycle,
                    windows.ParseSpec(JsonSerializer.Deserialize<JsonElement>(condition)),
                    new GenerationShape(200, 32, 5),
                    null
                ),
        ];
        foreach (Func<IPathGenerator> ask in asked)
        {
            FieldError error = Assert.Single(Assert.Throws<ScenarioRefusedException>(() => ask()).Errors);
            Assert.Equal(ErrorCodes.PoolTooSmall, error.Code);
            Assert.StartsWith("generator_spec", error.Field, StringComparison.Ordinal);
            Assert.Contains("spectral_condition", error.Field + error.Message, StringComparison.Ordinal);
        }
    }

    private static double[] PortfolioOf(ShockPanel panel) =>
        [.. Enumerable.Range(0, panel.Days).Select(t => (panel[t, 0] + panel[t, 1] + panel[t, 2]) / 3)];
}
