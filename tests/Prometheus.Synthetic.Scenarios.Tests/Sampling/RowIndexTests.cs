using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Tests.Sampling;

public sealed class RowIndexTests
{
    private const int Days = 200;

    [Theory]
    [InlineData(BlockScheme.Stationary, 7.5)]
    [InlineData(BlockScheme.Circular, 8.0)]
    [InlineData(BlockScheme.Moving, 8.0)]
    public void Over_a_whole_history_it_is_the_block_index(BlockScheme scheme, double length)
    {
        var stream = new PhiloxStream(5);
        var index = new RowIndex(Pool(null), scheme, length, stream, lane: 3);
        int[] expected = new int[60];
        int[] actual = new int[60];
        for (int path = 0; path < 50; path++)
        {
            BlockIndex.Fill(scheme, length, Days, stream, path, expected, 3);
            index.Fill(path, actual);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>Neighbouring steps are neighbouring days of one regime run, or a block began there.</summary>
    [Fact]
    public void No_block_crosses_a_seam()
    {
        DayPool pool = Pool(["CRISIS"]);
        Assert.Equal(Days / 2, pool.Count);
        Assert.Equal(10, pool.Runs);
        var index = new RowIndex(pool, BlockScheme.Circular, 40, new PhiloxStream(6), lane: 0);
        int[] positions = new int[60];
        int fresh = 0;
        for (int path = 0; path < 200; path++)
        {
            index.Fill(path, positions);
            for (int h = 1; h < positions.Length; h++)
            {
                bool neighbours = pool[positions[h]] == pool[positions[h - 1]] + 1;
                if (!neighbours)
                    fresh++;
                else
                    Assert.False(pool.SeamBefore(positions[h]));
            }
        }

        // Runs are 10 days long, so blocks of 40 end at the seam nearly always: from a random day of a run the mean way
        // to its end is 5.5 days, hence 60/5.5 blocks a path, far more than the 60/40 that blocks of 40 would make.
        Assert.InRange(fresh / 200.0, 60 / 5.5 - 1.5, 60 / 5.5 + 1.0);
    }

    [Fact]
    public void A_shorter_horizon_is_a_prefix()
    {
        var index = new RowIndex(Pool(["CRISIS"]), BlockScheme.Stationary, 6, new PhiloxStream(7), lane: 1);
        int[] all = new int[60];
        int[] some = new int[13];
        for (int path = 0; path < 50; path++)
        {
            index.Fill(path, all);
            index.Fill(path, some);
            Assert.Equal(all[..13], some);
        }
    }

    /// <summary>Ten days of crisis, ten days of calm, and so on.</summary>
    private static DayPool Pool(IReadOnlyList<string>? labels)
    {
        DateOnly[] dates = [.. Enumerable.Range(0, Days).Select(t => new DateOnly(2020, 1, 1).AddDays(t))];
        var panel = new ShockPanel(
            [new Driver(DriverKind.Instrument, "EQUITY:A", Driver.SimpleReturn)],
            dates,
            [.. Enumerable.Range(0, Days).Select(t => 0.001 * t)]
        );
        var snapshot = new CalibrationSnapshot(dates[^1], panel)
        {
            Regimes = new RegimeHistory(
                "model",
                [.. Enumerable.Range(0, Days).Select(t => t / 10 % 2 == 0 ? "CRISIS" : "CALM")],
                [.. Enumerable.Repeat(1.0, Days)]
            ),
        };
        return DayPool.Of(snapshot, labels, 1, "a test");
    }
}
