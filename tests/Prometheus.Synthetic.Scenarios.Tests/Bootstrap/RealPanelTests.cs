using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>
/// What a bootstrap of a real market keeps: mean, volatility, every correlation, and clustering within blocks.
/// Drawing days uniformly on the circle makes the expectation of each figure, taken about history's own means, an
/// exact function of history: means and cross-products are history's, and the product of |r| over k days is history's
/// circular one times (1 − p)ᵏ, because only neighbours of the same block are neighbours in history. Sets of many seeds give
/// each figure's own standard error, whatever the dependence within a set, and a t-test then has the false-alarm rate
/// that is asked for: 1 in 1,000 for all figures together (Bonferroni).
/// </summary>
public sealed class RealPanelTests
{
    private const int Sets = 40;
    private const int Paths = 100;
    private const int Horizon = 60;
    private const double FalseAlarms = 1e-3;

    [Theory]
    [InlineData("stationary", 30)]
    [InlineData("stationary", 1)]
    [InlineData("circular", 20)]
    public void Moments_correlations_and_clustering_are_history_s(string scheme, int block)
    {
        ShockPanel panel = RealPanel.Us20().ToPanel();
        (string Name, double Expected)[] figures = [.. Expected(panel, scheme, block)];
        double[] t = Deviations(panel, figures, scheme, block);
        double bound = Bound(figures.Length);
        for (int i = 0; i < figures.Length; i++)
            Assert.True(
                Math.Abs(t[i]) < bound,
                $"{figures[i].Name}: {t[i]:0.0} standard errors from history's {figures[i].Expected:G6}, bound {bound:0.0}"
            );
    }

    /// <summary>The bands are narrow enough to tell: single days lose, name by name, the clustering that blocks keep.</summary>
    [Fact]
    public void Single_days_lose_the_clustering_that_blocks_keep()
    {
        ShockPanel panel = RealPanel.Us20().ToPanel();
        (string Name, double Expected)[] blocks = [.. Expected(panel, "stationary", 30)];
        double[] t = Deviations(panel, blocks, "stationary", 1);
        for (int i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].Name.StartsWith("|r|", StringComparison.Ordinal))
                Assert.True(t[i] < -Bound(blocks.Length), $"{blocks[i].Name}: {t[i]:0.0}");
        }
    }

    /// <summary>Distance of each figure's mean over the sets from what is expected, in its standard errors.</summary>
    private static double[] Deviations(
        ShockPanel panel,
        (string Name, double Expected)[] figures,
        string scheme,
        int block
    )
    {
        double[] sum = new double[figures.Length];
        double[] squares = new double[figures.Length];
        for (int s = 0; s < Sets; s++)
        {
            double[] cells = Histories.All(
                Histories.Calibrate(
                    new BlockBootstrapFamily(),
                    Histories.Snapshot(panel),
                    $$"""{"scheme":"{{scheme}}","block_length":{{block}}}""",
                    Paths,
                    Horizon,
                    seed: 1_000 + (ulong)s
                ),
                Paths,
                Horizon
            );
            double[] found = Figures(panel, cells, Horizon);
            for (int i = 0; i < found.Length; i++)
            {
                // About what is expected, so that squares keep their digits.
                double off = found[i] - figures[i].Expected;
                sum[i] += off;
                squares[i] += off * off;
            }
        }

        return
        [
            .. sum.Zip(
                squares,
                (first, second) => first / Sets / Math.Sqrt((second / Sets - first * first / Sets / Sets) / (Sets - 1))
            ),
        ];
    }

    private static double Bound(int figures) =>
        new StudentT(Sets - 1).QuantileOfScore(StandardNormal.Quantile(1.0 - FalseAlarms / 2.0 / figures));

    private static IEnumerable<(string Name, double Expected)> Expected(ShockPanel panel, string scheme, int block)
    {
        // The days in order, as one path on the circle, and the pairs of days that a set keeps of it.
        int days = panel.Days;
        double[] figures = Figures(
            panel,
            [.. panel.Values, .. panel.Day(0), .. panel.Day(1), .. panel.Day(2)],
            days + 3,
            days
        );
        int i = 0;
        for (int k = 0; k < panel.Width; k++)
            yield return ($"mean {panel.Drivers[k].Id}", figures[i++]);
        for (int a = 0; a < panel.Width; a++)
        {
            for (int b = 0; b <= a; b++)
                yield return ($"covariance {panel.Drivers[a].Id} {panel.Drivers[b].Id}", figures[i++]);
        }

        foreach (int lag in Lags)
        {
            // Of the pairs lag apart within the horizon, those inside one block.
            double inside =
                scheme == "stationary"
                    ? Math.Pow(1.0 - 1.0 / block, lag)
                    : Enumerable.Range(lag, Horizon - lag).Average(h => h / block == (h - lag) / block ? 1.0 : 0.0);
            for (int k = 0; k < panel.Width; k++)
                yield return ($"|r| {panel.Drivers[k].Id} over {lag}", inside * figures[i++]);
        }
    }

    private static int[] Lags => [1, 3];

    /// <summary>Means, cross-products and lagged products of |r|, all about history's means.</summary>
    /// <param name="starts">Steps that lagged products start from; all that have a partner in the path when null.</param>
    private static double[] Figures(ShockPanel panel, double[] cells, int horizon, int? starts = null)
    {
        int width = panel.Width;
        int rows = starts ?? cells.Length / width;
        double[] mean = [.. Enumerable.Range(0, width).Select(k => panel.Column(k).Average())];
        double[] size = [.. Enumerable.Range(0, width).Select(k => panel.Column(k).Average(Math.Abs))];
        var figures = new List<double>();
        for (int k = 0; k < width; k++)
            figures.Add(Enumerable.Range(0, rows).Average(r => cells[r * width + k]));
        for (int a = 0; a < width; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = 0.0;
                for (int r = 0; r < rows; r++)
                    product += (cells[r * width + a] - mean[a]) * (cells[r * width + b] - mean[b]);
                figures.Add(product / rows);
            }
        }

        foreach (int lag in Lags)
        {
            for (int k = 0; k < width; k++)
            {
                double product = 0.0;
                int pairs = 0;
                for (int r = 0; r < rows; r++)
                {
                    if (starts is null && r % horizon + lag >= horizon)
                        continue;
                    product +=
                        (Math.Abs(cells[r * width + k]) - size[k]) * (Math.Abs(cells[(r + lag) * width + k]) - size[k]);
                    pairs++;
                }

                figures.Add(product / pairs);
            }
        }

        return [.. figures];
    }
}
