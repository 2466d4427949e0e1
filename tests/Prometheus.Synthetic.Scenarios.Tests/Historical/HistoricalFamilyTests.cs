using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

namespace Prometheus.Synthetic.Scenarios.Tests.Historical;

public sealed class HistoricalFamilyTests
{
    private static readonly HistoricalFamily s_family = new();

    [Fact]
    public void As_many_windows_as_paths_are_drawn_without_replacement()
    {
        // 120 days, windows of 20, gap before day 50: 31 starts in the first run, 51 in the second.
        ShockPanel panel = Histories.Panel(120, 3);
        CalibrationSnapshot snapshot = Histories.Snapshot(panel) with { GapsBefore = [50] };
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, "{}", 82, 20);
        int[][] days = Histories.Days(generator, panel, 82);
        int[] expected = [.. Enumerable.Range(0, 31), .. Enumerable.Range(50, 51)];
        Assert.Equal(expected, days.Select(d => d[0]).Order());
        Assert.NotEqual(expected, days.Select(d => d[0]));
        Assert.All(days, d => Assert.Equal(Enumerable.Range(d[0], 20), d));
        double[] cells = Histories.All(generator, 82, 20);
        for (int p = 0; p < 82; p++)
            Assert.Equal(panel.Values.Slice(days[p][0] * 3, 60).ToArray(), cells.AsSpan(p * 60, 60).ToArray());
        Assert.Equal("without_replacement", generator.Report["sampling"]!.GetValue<string>());
        Assert.Equal(82, generator.Report["available_windows"]!.GetValue<int>());
        // ⌊50/20⌋ + ⌊70/20⌋ windows that share no day.
        Assert.Equal(5, generator.Report["windows_without_overlap"]!.GetValue<int>());
        Assert.Equal(120, generator.Report["days_covered"]!.GetValue<int>());
    }

    [Fact]
    public void One_path_more_than_windows_is_drawn_with_replacement()
    {
        CalibrationSnapshot snapshot = Histories.Snapshot(Histories.Panel(120, 1));
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, "{}", 102, 20);
        Assert.Equal(101, generator.Report["available_windows"]!.GetValue<int>());
        Assert.Equal("with_replacement", generator.Report["sampling"]!.GetValue<string>());
        int distinct = Histories.Days(generator, snapshot.Panel, 102).Select(d => d[0]).Distinct().Count();
        double expected = generator.Report["windows_expected_distinct"]!.GetValue<double>();
        Assert.Equal(101 * (1 - Math.Pow(100.0 / 101, 102)), expected, 1e-9);
        // Occupancy: variance about M·e⁻¹(1 − 2e⁻¹) = 9.8; five standard deviations.
        Assert.InRange(distinct, expected - 16, expected + 16);
    }

    [Fact]
    public void The_order_is_uniform()
    {
        // Path 0's window over 4,000 seeds: 21 windows, χ² with 20 degrees of freedom; 52.4 is its 1 − 10⁻⁴ quantile.
        CalibrationSnapshot snapshot = Histories.Snapshot(Histories.Panel(30, 1));
        int[] counts = new int[21];
        for (ulong seed = 0; seed < 4_000; seed++)
        {
            IPathGenerator generator = Histories.Calibrate(s_family, snapshot, "{}", 5, 10, seed: seed);
            counts[Histories.Days(generator, snapshot.Panel, 1)[0][0]]++;
        }

        double expected = 4_000 / 21.0;
        Assert.InRange(counts.Sum(c => (c - expected) * (c - expected) / expected), 0, 52.4);
    }

    [Theory]
    [InlineData("all_days", 6)]
    [InlineData("start_day", 15)]
    public void Regimes_hold_on_all_days_or_on_the_first(string mode, int windows)
    {
        // One run of 15 days CRISIS inside 100: 15 − 10 + 1 windows wholly inside it, 15 that start in it.
        CalibrationSnapshot snapshot = Histories.WithRegimes(
            Histories.Panel(100, 1),
            d => d is >= 40 and < 55 ? "CRISIS" : "CALM"
        );
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            snapshot,
            $$"""{"regime_mode":"{{mode}}"}""",
            3,
            10,
            ["CRISIS"]
        );
        Assert.Equal(windows, generator.Report["available_windows"]!.GetValue<int>());
    }

    [Fact]
    public void Episodes_and_ranges_and_start_dates_select_windows()
    {
        ShockPanel panel = Histories.Panel(1_400, 1); // 2015-01-01 … 2020-05
        CalibrationSnapshot snapshot = Histories.Snapshot(panel);
        IPathGenerator covid = Histories.Calibrate(s_family, snapshot, """{"episodes":["COVID_2020"]}""", 4, 10);
        foreach (int[] path in Histories.Days(covid, panel, 4))
        {
            Assert.True(panel.Dates[path[0]] >= new DateOnly(2020, 2, 19));
            Assert.True(panel.Dates[path[^1]] <= new DateOnly(2020, 3, 23));
        }

        Assert.Equal("COVID_2020", covid.Describe(0)!.Metadata!["episodes"]![0]!.GetValue<string>());
        Assert.Equal(Episodes.Version, covid.Report["episodes"]!["version"]!.GetValue<int>());
        IPathGenerator dates = Histories.Calibrate(
            s_family,
            snapshot,
            """{"start_dates":["2016-06-23","2018-02-05"]}""",
            2,
            10
        );
        Assert.Equal(
            [new DateOnly(2016, 6, 23), new DateOnly(2018, 2, 5)],
            Enumerable.Range(0, 2).Select(p => dates.Describe(p)!.SourceDates![0]).Order()
        );
    }

    [Fact]
    public void Scores_condition_days_by_level_quantile_and_class()
    {
        ShockPanel panel = Histories.Panel(200, 1);
        CalibrationSnapshot snapshot = Histories.Snapshot(panel) with
        {
            Scores =
            [
                new ScoreHistory(
                    "stability",
                    "MARKET",
                    "US_EQ",
                    "m",
                    [.. Enumerable.Range(0, 200).Select(d => d < 10 ? double.NaN : d / 200.0)],
                    [.. Enumerable.Range(0, 200).Select(d => d > 190 ? "WATCHLIST" : null)]
                ),
            ],
        };
        const string head =
            "{\"day_mode\":\"start_day\",\"score_filter\":[{\"table\":\"stability\",\"entity_id\":\"US_EQ\",";
        Assert.Equal(91, Windows(head + "\"max_score\":0.5}]}"));
        Assert.Equal(38, Windows(head + "\"quantile_range\":[0,0.2]}]}"));
        Assert.Equal(5, Windows(head + "\"classes\":[\"WATCHLIST\"]}]}"));

        int Windows(string spec) =>
            Histories.Calibrate(s_family, snapshot, spec, 1, 5).Report["available_windows"]!.GetValue<int>();
    }

    [Fact]
    public void Impossible_windows_are_refused_with_the_numbers()
    {
        ShockPanel panel = Histories.Panel(100, 1);
        CalibrationSnapshot gappy = Histories.Snapshot(panel) with { GapsBefore = [30, 60] };
        Refused(gappy, "{}", null, 45, ErrorCodes.TooLittleHistory, "horizon_days", "is 40");
        CalibrationSnapshot labelled = Histories.WithRegimes(panel, d => d % 2 == 0 ? "A" : "B");
        Refused(labelled, "{}", ["A"], 5, ErrorCodes.PoolTooSmall, "regime_filter", "start_day");
        Refused(
            Histories.Snapshot(panel),
            """{"episodes":["GFC_2007_2009"]}""",
            null,
            5,
            ErrorCodes.InvalidDates,
            "generator_spec.episodes",
            "2007-10-09"
        );
        Refused(
            Histories.Snapshot(panel),
            """{"start_dates":["2015-01-03"]}""",
            null,
            5,
            ErrorCodes.InvalidDates,
            "generator_spec.start_dates",
            "2015-01-02"
        );

        static void Refused(
            CalibrationSnapshot snapshot,
            string spec,
            string[]? regimes,
            int horizon,
            string code,
            string field,
            string says
        )
        {
            var refused = Assert.Throws<ScenarioRefusedException>(() =>
                Histories.Calibrate(s_family, snapshot, spec, 1, horizon, regimes)
            );
            Assert.Contains(
                refused.Errors,
                e => e.Code == code && e.Field == field && e.Message.Contains(says, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void Episodes_are_dated_in_order_and_sourced()
    {
        Assert.Equal(11, Episodes.All.Count);
        Assert.Equal(Episodes.All.Count, Episodes.Ids.Distinct().Count());
        Assert.All(Episodes.All, e => Assert.True(e.Span.Start < e.Span.End && e.Source.Length > 20));
        Assert.Equal(Episodes.All.Select(e => e.Span.Start).Order(), Episodes.All.Select(e => e.Span.Start));
    }
}
