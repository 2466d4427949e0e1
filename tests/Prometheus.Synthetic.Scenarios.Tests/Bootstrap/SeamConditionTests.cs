using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>A day that may not be drawn does not come back in the blend after a seam.</summary>
public sealed class SeamConditionTests
{
    private const double Calm = 0.01;
    private const double Wild = 0.2;

    // Two calm days blended have at most √2 of a calm day's size, about the mean; a wild one has more at any weight here.
    private const double CalmAtMost = 2.0 * Calm;
    private static readonly BlockBootstrapFamily s_family = new();

    /// <summary>Ten calm days, ten wild ones, and so on; every day has the size of its kind, with either sign.</summary>
    private static ShockPanel Alternating(int days) =>
        Histories.Of(
            days,
            1,
            [.. Enumerable.Range(0, days).Select(d => (IsCalm(d) ? Calm : Wild) * (d * 7 % 4 < 2 ? -1 : 1))]
        );

    private static bool IsCalm(int day) => day / 10 % 2 == 0;

    [Theory]
    [InlineData("stationary")]
    [InlineData("circular")]
    public void Days_of_another_regime_stay_out(string scheme)
    {
        double[] drawn = Draw(
            $$"""{"scheme":"{{scheme}}","block_length":6,"seam_smoothing_days":3}""",
            ["CALM"],
            out _
        );
        Assert.All(drawn, r => Assert.InRange(Math.Abs(r), 0.0, CalmAtMost));
        // Days are blended all the same: not every value is one of history's.
        Assert.Contains(drawn, r => Math.Abs(Math.Abs(r) - Calm) > 1e-6);
    }

    [Fact]
    public void Under_a_chain_a_day_is_blended_with_days_of_its_regime_only()
    {
        double[] drawn = Draw(
            """{"block_length":4,"regime_mode":"transition","seam_smoothing_days":3}""",
            null,
            out int[] days
        );
        for (int i = 0; i < drawn.Length; i++)
        {
            if (IsCalm(days[i]))
                Assert.InRange(Math.Abs(drawn[i]), 0.0, CalmAtMost);
        }
    }

    [Fact]
    public void No_block_goes_on_over_a_gap()
    {
        ShockPanel panel = Alternating(200);
        // Days are missing before every wild stretch: calm blocks end there without any filter.
        CalibrationSnapshot snapshot = Histories.Snapshot(panel) with
        {
            GapsBefore = [.. Enumerable.Range(1, 199).Where(d => d % 10 == 0)],
        };
        IPathGenerator generator = Histories.Calibrate(
            s_family,
            snapshot,
            """{"scheme":"circular","block_length":20,"end_blocks_at_gaps":true,"seam_smoothing_days":3}""",
            200,
            20
        );
        double[] drawn = Histories.All(generator, 200, 20);
        int[][] days = Histories.Days(generator, panel, 200);
        // A block of twenty days always ends at a gap: nothing follows it that could be blended, so days stay as they were.
        for (int p = 0; p < 200; p++)
        {
            for (int h = 0; h < 20; h++)
                Assert.Equal(panel[days[p][h], 0], drawn[p * 20 + h], 1e-15);
        }
    }

    private static double[] Draw(string spec, string[]? regimes, out int[] days)
    {
        ShockPanel panel = Alternating(400);
        CalibrationSnapshot snapshot = Histories.WithRegimes(panel, d => IsCalm(d) ? "CALM" : "WILD");
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, spec, 200, 20, regimes);
        days = [.. Histories.Days(generator, panel, 200).SelectMany(p => p)];
        return Histories.All(generator, 200, 20);
    }
}
