using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;
using Prometheus.Synthetic.Scenarios.Selection;
using Prometheus.Synthetic.Scenarios.Spectra;

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

    /// <summary>The first day of a run is drawn like any other, also right after the day before it in the pool.</summary>
    [Fact]
    public void Days_drawn_one_by_one_are_equally_likely()
    {
        const int paths = 20_000;
        DayPool pool = Pool(["CRISIS"]);
        var index = new RowIndex(pool, BlockScheme.Stationary, 1.0, new PhiloxStream(8), lane: 0);
        int[] positions = new int[60];
        int followed = 0;
        int followedIntoSeam = 0;
        for (int path = 0; path < paths; path++)
        {
            index.Fill(path, positions);
            for (int h = 1; h < positions.Length; h++)
            {
                if (positions[h] != positions[h - 1] + 1)
                    continue;
                followed++;
                followedIntoSeam += pool.SeamBefore(positions[h]) ? 1 : 0;
            }
        }

        // Of 99 neighbours in the pool 9 are parted by a seam: binomial, four standard errors of 11,800 such steps.
        double share = 9.0 / 99.0;
        double error = Math.Sqrt(share * (1.0 - share) / followed);
        Assert.InRange((double)followedIntoSeam / followed, share - 4.0 * error, share + 4.0 * error);
    }

    /// <summary>Conditions leave the last days to start on: no block goes on from the end of history to its beginning.</summary>
    [Theory]
    [InlineData(BlockScheme.Stationary)]
    [InlineData(BlockScheme.Moving)]
    public void Blocks_that_start_on_some_days_only_end_with_history(BlockScheme scheme)
    {
        double[] values = [.. Enumerable.Range(0, Days).Select(t => (t % 2 == 0 ? 0.01 : -0.01) + 1e-5 * (t % 7))];
        var panel = new ShockPanel(
            [new Driver(DriverKind.Instrument, "EQUITY:A", Driver.SimpleReturn)],
            [.. Enumerable.Range(0, Days).Select(t => new DateOnly(2020, 1, 1).AddDays(t))],
            values
        );
        var filter = new DayFilterSpec { Spectral = new SpectralConditionSpec(16, [], 0.5, null) };
        DayPool pool = DayPool.Of(new CalibrationSnapshot(panel.Dates[^1], panel), null, filter, 10, "a test");
        Assert.NotNull(pool.Starts);
        var index = new RowIndex(pool, scheme, 20, new PhiloxStream(9), lane: 0);
        int[] positions = new int[60];
        bool reachedEnd = false;
        for (int path = 0; path < 400; path++)
        {
            index.Fill(path, positions);
            for (int h = 1; h < positions.Length; h++)
            {
                reachedEnd |= positions[h - 1] == Days - 1;
                Assert.False(positions[h - 1] == Days - 1 && positions[h] == 0);
            }
        }

        Assert.True(reachedEnd);
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
