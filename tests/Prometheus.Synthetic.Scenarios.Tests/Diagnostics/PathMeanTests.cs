using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

public sealed class PathMeanTests
{
    [Fact]
    public void With_equal_counts_and_weights_it_is_the_mean_and_its_textbook_error()
    {
        var m = PathMean.Of([10, 20, 60], [10, 10, 10], PathWeights.Equal(3));
        Assert.Equal(3, m.Mean, 12);
        // Sample variance of 1, 2, 6 is 7; the error of their mean √(7/3).
        Assert.Equal(Math.Sqrt(7.0 / 3), m.StandardError, 12);
    }

    [Fact]
    public void A_path_without_probability_does_not_count()
    {
        var notes = new List<string>();
        var weights = PathWeights.Of([0.5, 0.5, 0.0], notes);
        var with = PathMean.Of([1, 3, 1000], [1, 1, 1], weights);
        var without = PathMean.Of([1, 3], [1, 1], PathWeights.Equal(2));
        Assert.Equal(without.Mean, with.Mean, 12);
        Assert.Equal(without.StandardError, with.StandardError, 12);
        Assert.Equal(2, weights.EffectivePaths, 12);
        Assert.Empty(notes);
    }

    [Fact]
    public void Half_given_probabilities_are_not_used_and_it_is_said()
    {
        var notes = new List<string>();
        Assert.Equal(3, PathWeights.Of([0.5, null, 0.5], notes).EffectivePaths, 12);
        Assert.Single(notes);
    }

    /// <summary>
    /// The error against the spread of 600 repetitions: 80 paths of 10 clustered values (each path has its own scale),
    /// unequal weights, a ratio with random counts. A standard deviation of 600 values is known to 1/√1200 = 2.9 %;
    /// linearisation and weights add their own few percent at 80 paths, so four errors of the former and as much again.
    /// </summary>
    [Fact]
    public void The_error_is_the_spread_over_repetitions()
    {
        const int repetitions = 600;
        const int paths = 80;
        var stream = new PhiloxStream(5);
        double?[] probabilities = [.. Enumerable.Range(0, paths).Select(p => (double?)(1 + p % 3))];
        var weights = PathWeights.Of(probabilities, []);
        double[] figures = new double[repetitions];
        double errors = 0;
        for (int r = 0; r < repetitions; r++)
        {
            double[] sums = new double[paths];
            double[] counts = new double[paths];
            for (int p = 0; p < paths; p++)
            {
                double scale = Math.Exp(0.5 * stream.Normal(p, 0, DrawPurpose.Residual, (uint)r));
                for (uint h = 1; h <= 10; h++)
                {
                    double v = scale * stream.Normal(p, (int)h, DrawPurpose.Residual, (uint)r);
                    counts[p] += v > 0.5 ? 1 : 0;
                    sums[p] += v > 1.5 ? 1 : 0;
                }
            }

            var m = PathMean.Of(sums, counts, weights);
            figures[r] = m.Mean;
            errors += m.StandardError / repetitions;
        }

        double mean = figures.Average();
        double spread = Math.Sqrt(figures.Sum(f => (f - mean) * (f - mean)) / (repetitions - 1));
        Assert.InRange(errors / spread, 0.77, 1.23);
    }
}
