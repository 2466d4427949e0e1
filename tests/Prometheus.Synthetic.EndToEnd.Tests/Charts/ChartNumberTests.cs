using Prometheus.Synthetic.Cli.Charts;

namespace Prometheus.Synthetic.EndToEnd.Tests.Charts;

/// <summary>The numbers behind the charts, against cases that can be done by hand.</summary>
public sealed class ChartNumberTests
{
    /// <summary>Hyndman and Fan's definition 7: position (n − 1)·p between order statistics.</summary>
    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(0.05, 1.2)] // position 0.2 between 1 and 2
    [InlineData(0.25, 2.0)]
    [InlineData(0.5, 4.0)]
    [InlineData(0.75, 8.0)]
    [InlineData(0.95, 14.4)] // position 3.8: 8 + 0.8·(16 − 8)
    [InlineData(1.0, 16.0)]
    public void A_quantile_lies_linearly_between_order_statistics(double probability, double expected) =>
        Assert.Equal(expected, Quantiles.OfSorted([1, 2, 4, 8, 16], probability), 12);

    [Fact]
    public void Bands_are_quantiles_across_paths_at_each_step_whatever_the_order_of_the_paths()
    {
        double[][] paths = [.. Enumerable.Range(0, 21).Select(i => new double[] { 100, 100 + i, 100 - 2 * i })];
        FanBands bands = FanBands.Of([.. paths.Reverse()]);
        Assert.Equal([100.0, 101, 62], bands.Q05, Near);
        Assert.Equal([100.0, 105, 70], bands.Q25, Near);
        Assert.Equal([100.0, 110, 80], bands.Q50, Near);
        Assert.Equal([100.0, 115, 90], bands.Q75, Near);
        Assert.Equal([100.0, 119, 98], bands.Q95, Near);
    }

    [Fact]
    public void Levels_compound_returns_and_add_up_changes_and_lead_back_to_where_they_came_from()
    {
        Assert.Equal([100.0, 110, 99], Levels.Compound(100, [0.1, -0.1]), Near);
        Assert.Equal([2.0, 2.5, 1.5], Levels.Accumulate(2, [0.5, -1]), Near);
        Assert.Equal([100.0, 110, 99], Levels.Backwards(99, [0.1, -0.1], additive: false), Near);
        Assert.Equal([2.0, 2.5, 1.5], Levels.Backwards(1.5, [0.5, -1], additive: true), Near);
    }

    [Fact]
    public void A_histogram_counts_every_value_once_inside_or_outside()
    {
        double[] history = [.. Enumerable.Range(0, 1000).Select(i => Math.Sin(i) * 0.02)];
        double[] set = [.. history.Select(x => 2 * x), 0.9];
        ReturnHistogram h = ReturnHistogram.Of(set, history);
        double width = h.Edges[1] - h.Edges[0];
        Assert.Equal(1, h.Set.Sum() * width + h.SetOutside, 9);
        Assert.Equal(1, h.History.Sum() * width + h.HistoryOutside, 9);
        Assert.True(h.SetOutside >= 1.0 / set.Length); // the wild value does not stretch the axis
        Assert.InRange(h.Edges[^1], 0.02, 0.05);
        ReturnHistogram flat = ReturnHistogram.Of([0.0, 0.0], [0.0, 0.0]);
        Assert.Equal(1, flat.Set.Sum() * (flat.Edges[1] - flat.Edges[0]), 9);
    }

    [Fact]
    public void Correlations_of_three_columns_by_hand_and_their_difference()
    {
        // a centred is (−1, 0, 1), b is −a, c centred is (1, −2, 1): a·c = 0.
        double[,] r = CorrelationSums.Of([
            [1, 2, 3],
            [3, 2, 1],
            [5, 2, 5],
            [7, 7, 7],
        ]);
        Assert.Equal(1, r[0, 0]);
        Assert.Equal(-1, r[0, 1], 12);
        Assert.Equal(0, r[2, 0], 12);
        Assert.True(double.IsNaN(r[3, 0])); // a constant has no correlation
        double[,] zero = new double[4, 4];
        (double largest, double rms) = CorrelationSums.Difference(r, zero);
        Assert.Equal(1, largest, 12);
        Assert.Equal(Math.Sqrt(1.0 / 3), rms, 12); // three pairs without the constant: 1, 0, 0
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9;
}
