using Prometheus.Synthetic.Samples.RiskConsumer;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>The sample risk consumer's arithmetic against cases done by hand.</summary>
public sealed class RiskMeasureTests
{
    [Fact]
    public void Forty_scenarios_have_a_tail_of_two()
    {
        // P&L −20 %, −19 %, … +19 %: the tail of 40/20 = 2 scenarios is −20 % and −19 %.
        RiskMeasures risk = RiskMeasures.Of([.. Enumerable.Range(-20, 40).Reverse().Select(i => i / 100.0)]);
        Assert.Equal(40, risk.Scenarios);
        Assert.Equal(0.19, risk.Var95, 12);
        Assert.Equal(0.195, risk.Es95, 12);
        Assert.Equal(-0.005, risk.Mean, 12);
        Assert.Equal(-0.20, risk.Worst, 12);
        Assert.Equal(-0.01, risk.Median, 12);
        Assert.Equal(0.19, risk.Best, 12);
        Assert.Equal(Math.Sqrt(40 * 41 / 12.0) / 100, risk.StandardDeviation, 12); // n(n + 1)/12 of n successive numbers
    }

    /// <summary>30 scenarios have a tail of 1.5: the worst one whole and half of the next, over 1.5.</summary>
    [Fact]
    public void A_fraction_of_a_scenario_counts_by_its_fraction()
    {
        RiskMeasures risk = RiskMeasures.Of([-0.30, -0.15, .. Enumerable.Repeat(0.01, 28)]);
        Assert.Equal(0.15, risk.Var95, 12);
        Assert.Equal((0.30 + 0.5 * 0.15) / 1.5, risk.Es95, 12);
        Assert.True(risk.Es95 >= risk.Var95);
    }

    [Fact]
    public async Task A_position_compounds_over_its_path_and_the_portfolio_adds_up_by_weight()
    {
        PathCell[] cells =
        [
            // The baseline is passed over even if it held something.
            new(0, 0, "A", 9.9),
            new(0, 0, "B", 9.9),
            new(0, 1, "A", 0.10),
            new(0, 1, "B", -0.50),
            new(0, 2, "A", 0.10),
            new(0, 2, "B", 0.50),
            new(1, 0, "A", 0),
            new(1, 0, "B", 0),
            new(1, 1, "A", -0.20),
            new(1, 1, "B", 0),
            new(1, 2, "A", 0.25),
            new(1, 2, "B", 0.04),
        ];
        List<double> pnl = await PathPnl.OfAsync(
            cells.ToAsyncEnumerable(),
            new Dictionary<string, double> { ["A"] = 0.75, ["B"] = 0.25 }
        );
        // Path 0: A 1.1² − 1 = 0.21, B 0.5·1.5 − 1 = −0.25. Path 1: A 0.8·1.25 − 1 = 0, B 0.04.
        Assert.Equal(2, pnl.Count);
        Assert.Equal(0.75 * 0.21 - 0.25 * 0.25, pnl[0], 12);
        Assert.Equal(0.25 * 0.04, pnl[1], 12);
    }

    [Fact]
    public void Equal_weights_add_up_to_one() =>
        Assert.Equal(1, Portfolio.EqualWeight(["A", "B", "C"]).Weights.Values.Sum(), 12);
}
