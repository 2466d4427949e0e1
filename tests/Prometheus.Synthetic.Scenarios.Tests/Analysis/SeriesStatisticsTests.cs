using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

namespace Prometheus.Synthetic.Scenarios.Tests.Analysis;

public sealed class SeriesStatisticsTests
{
    // Reference results of independent implementations on AAPL's daily log returns 1990-2022, closed forms to 1e-8.
    [Fact]
    public void Real_returns_agree_with_the_reference()
    {
        double[] r = RealData.LogReturns(RealData.Us20Prices()["AAPL"]);
        var s = SeriesStatistics.Of("AAPL", r);
        Assert.Equal(-0.019084645404375097, s.Autocorrelation[0], 1e-10);
        Assert.Equal(0.04644817451704504, s.Autocorrelation[3], 1e-10);
        Assert.Equal(0.1985783976697165, s.AbsoluteAutocorrelation[0], 1e-9);
        Assert.Equal(0.1470537247674806, s.AbsoluteAutocorrelation[9], 1e-9);
        Assert.Equal(31.660630112797133, s.LjungBox.Statistic, 1e-6);
        Assert.Equal(31.33708616287537, s.LjungBoxSquares.Statistic, 1e-6);
        Assert.Equal(0.0007417585934012002, s.Mean, 1e-12);
        Assert.Equal(0.027829248725017446, s.Deviation, 1e-10);
        Assert.Equal(-2.1211043925854662, s.Skewness, 1e-6);
        Assert.Equal(63.34798011960527, s.ExcessKurtosis, 1e-5);
        Assert.Equal(0.02258604186513006, s.VolatilityToday, 1e-10);
        HillTail tail = HillTail.Of([.. r.Select(x => -x)], 100)!;
        Assert.Equal(3.2401296988774746, tail.Index, 1e-8);
        Assert.Equal(0.06652518278148056, tail.Threshold, 1e-10);
    }

    [Fact]
    public void Ljung_box_p_values_are_uniform_under_independence()
    {
        // χ² tail at its published quantile: P(χ²₁₀ > 18.307) = 0.05.
        ShockPanel panel = Histories.Panel(600, 200, seed: 9);
        int rejected = Enumerable.Range(0, 200).Count(k => LjungBox.Of(panel.Column(k), 10).PValue < 0.05);
        // Columns share a factor, so their tests are correlated; between 0 and 20 % stays far from a wrong law.
        Assert.InRange(rejected, 0, 40);
    }

    [Fact]
    public void A_panel_is_described_and_its_suggestion_is_a_valid_spec()
    {
        double[] values = Histories.Panel(500, 3).Values.ToArray();
        for (int t = 0; t < 500; t++)
            values[t * 3 + 1] = 0;
        CalibrationSnapshot snapshot = Histories.WithRegimes(
            Histories.Of(500, 3, values),
            d =>
                d < 100 ? "A"
                : d < 400 ? "B"
                : null
        ) with
        {
            GapsBefore = [200],
        };
        var analysis = PanelAnalysis.Of(snapshot);
        Assert.Equal(["EQUITY:T001"], analysis.ConstantDrivers);
        Assert.Equal(2, analysis.Series.Count);
        Assert.Equal(300, analysis.LongestRun);
        Assert.Equal(
            [new RegimeDays("B", 300, 1, 300), new RegimeDays(null, 100, 1, 100), new RegimeDays("A", 100, 1, 100)],
            analysis.Regimes
        );
        // Two drivers of correlation ½: the first component explains ¾; error about (1 − ρ²)/√n = 0.034, four of them halved.
        Assert.InRange(analysis.FirstComponentShare, 0.75 - 0.07, 0.75 + 0.07);
        var suggestion = SuggestedSpec.For(analysis, 20);
        var spec = BlockBootstrapSpec.Parse(
            System.Text.Json.JsonSerializer.SerializeToElement(suggestion.GeneratorSpec)
        );
        Assert.True(spec.EndBlocksAtGaps);
        Assert.InRange(spec.BlockLength!.Value, 1, 20);
    }

    [Fact]
    public void A_storm_at_the_end_suggests_filtered_simulation()
    {
        double[] values = Histories.Panel(1_200, 2).Values.ToArray();
        for (int i = 2 * 1_150; i < values.Length; i++)
            values[i] *= 5;
        var suggestion = SuggestedSpec.For(PanelAnalysis.Of(Histories.Snapshot(Histories.Of(1_200, 2, values))), 10);
        var spec = BlockBootstrapSpec.Parse(
            System.Text.Json.JsonSerializer.SerializeToElement(suggestion.GeneratorSpec)
        );
        Assert.True(spec.Filter!.Garch);
    }
}
