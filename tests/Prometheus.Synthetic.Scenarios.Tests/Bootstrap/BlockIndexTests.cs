using CsCheck;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>
/// Where no other is stated a frequency of k hits in m independent trials may be six standard deviations off: a false
/// alarm of 2e-9 a figure. Seeds are fixed.
/// </summary>
public sealed class BlockIndexTests
{
    private static readonly PhiloxStream s_stream = new(170);

    [Theory]
    [InlineData(BlockScheme.Circular)]
    [InlineData(BlockScheme.Stationary)]
    public void Every_day_is_equally_likely_on_the_circle(BlockScheme scheme)
    {
        const int days = 23;
        const int paths = 40_000;
        // One late step of many paths: independent trials.
        int[] counts = Count(scheme, 5, days, paths, step: 7);
        AssertFrequencies(counts, [.. Enumerable.Repeat(1.0 / days, days)], paths);
    }

    /// <summary>Over whole blocks, day i (from 1) is drawn with weight min(i, b, n−i+1, n−b+1), as methods.md and ADR say.</summary>
    [Theory]
    [InlineData(20, 5)]
    [InlineData(9, 7)]
    public void Moving_blocks_under_draw_the_ends_by_the_published_weights(int days, int block)
    {
        const int paths = 40_000;
        double[] weights =
        [
            .. Enumerable.Range(1, days).Select(i => (double)new[] { i, block, days - i + 1, days - block + 1 }.Min()),
        ];
        double total = (double)block * (days - block + 1);
        Assert.Equal(total, weights.Sum());
        int[] counts = new int[days];
        Span<int> index = stackalloc int[block];
        for (int p = 0; p < paths; p++)
        {
            BlockIndex.Fill(BlockScheme.Moving, block, days, s_stream, p, index);
            foreach (int day in index)
                counts[day]++;
        }

        // Each day is hit at most once a block: Bernoulli per path with probability weight/(n−b+1).
        AssertFrequencies(counts, [.. weights.Select(w => w / (days - block + 1))], paths);
    }

    [Fact]
    public void Moving_blocks_never_cross_the_end_of_history()
    {
        int[] index = new int[60];
        for (int p = 0; p < 2_000; p++)
        {
            BlockIndex.Fill(BlockScheme.Moving, 6, 31, s_stream, p, index);
            for (int h = 1; h < 60; h++)
            {
                if (h % 6 != 0)
                    Assert.Equal(index[h - 1] + 1, index[h]);
            }
        }
    }

    /// <summary>
    /// Lengths of complete stationary blocks: P(L = l) = p(1−p)^(l−1). A new block that happens to start on the next day
    /// reads as a continuation, which leaves the end probability p(1 − 1/T).
    /// </summary>
    [Theory]
    [InlineData(4.0)]
    [InlineData(2.5)]
    public void Stationary_block_lengths_are_geometric(double mean)
    {
        const int days = 500;
        double end = 1 / mean * (1 - 1.0 / days);
        int[] lengths = new int[61];
        int blocks = 0;
        int[] index = new int[60];
        for (int p = 0; p < 8_000; p++)
        {
            BlockIndex.Fill(BlockScheme.Stationary, mean, days, s_stream, p, index);
            int length = 1;
            while (length < 60 && index[length] == (index[length - 1] + 1) % days)
                length++;
            lengths[length]++;
            blocks++;
        }

        double[] expected =
        [
            .. Enumerable
                .Range(0, 61)
                .Select(l =>
                    l == 0 ? 0
                    : l == 60 ? Math.Pow(1 - end, 59)
                    : end * Math.Pow(1 - end, l - 1)
                ),
        ];
        AssertFrequencies(lengths, expected, blocks);
    }

    [Fact]
    public void A_shorter_horizon_is_a_prefix_of_a_longer_one() =>
        Gen.Select(
                Gen.Enum<BlockScheme>(),
                Gen.Int[1, 20],
                Gen.Int[20, 300],
                Gen.ULong,
                Gen.Int[0, 1_000_000],
                Gen.Int[1, 60]
            )
            .AlwaysHolds(
                (scheme, block, days, seed, path, horizon) =>
                {
                    int[] longest = new int[60];
                    int[] shorter = new int[horizon];
                    BlockIndex.Fill(scheme, block, days, new PhiloxStream(seed), path, longest);
                    BlockIndex.Fill(scheme, block, days, new PhiloxStream(seed), path, shorter);
                    Assert.Equal(longest[..horizon], shorter);
                    Assert.All(longest, d => Assert.InRange(d, 0, days - 1));
                },
                cases: 2_000
            );

    private static int[] Count(BlockScheme scheme, double block, int days, int paths, int step)
    {
        int[] counts = new int[days];
        Span<int> index = stackalloc int[step + 1];
        for (int p = 0; p < paths; p++)
        {
            BlockIndex.Fill(scheme, block, days, s_stream, p, index);
            counts[index[step]]++;
        }

        return counts;
    }

    private static void AssertFrequencies(int[] counts, double[] probabilities, int trials)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            double expected = trials * probabilities[i];
            // The normal bound, with room for one or two hits where almost none are expected.
            double slack = 6 * Math.Sqrt(expected * (1 - probabilities[i])) + (expected < 10 ? 12 : 0);
            Assert.InRange(counts[i], expected - slack, expected + slack);
        }
    }
}
