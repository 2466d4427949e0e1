using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

/// <summary>The weighted moment estimator finds the tail that the weights mean, and its error is the one it makes.</summary>
public sealed class WeightedTailIndexTests
{
    /// <summary>
    /// Values of a Pareto law with ξ = 1/2, weighted by f/g to mean one with ξ = 1/4: weights x⁻², bounded by 1. Over 400
    /// samples of 800, (estimate − ξ)/error has mean 0 ± 0.05 and deviation 1 ± 1/√800 = 0.035; allowed are three of each and what
    /// a tail of some 170 values biases: a tenth. Unweighted the same values have the proposal's index.
    /// </summary>
    [Fact]
    public void The_index_of_the_target_is_found_with_an_honest_error()
    {
        const int samples = 400;
        const int size = 800;
        double[] scores = new double[samples];
        for (int s = 0; s < samples; s++)
        {
            double[] values = Pareto(s, size, 0.5);
            TailIndex found = WeightedTailIndex.Moment(values, Normalised(values, x => 1 / (x * x)), 0.05, "x").Index;
            scores[s] = (found.Shape - 0.25) / found.StandardError;
        }

        double mean = scores.Average();
        double deviation = Math.Sqrt(scores.Sum(z => (z - mean) * (z - mean)) / (samples - 1));
        Assert.InRange(mean, -0.25, 0.25);
        Assert.InRange(deviation, 0.8, 1.2);
        // Within two errors 95 %, give or take three binomial errors of 1.1 % and the bias.
        Assert.InRange(scores.Count(z => Math.Abs(z) < 2) / (double)samples, 0.90, 1.0);
        double[] one = Pareto(0, 20_000, 0.5);
        Assert.InRange(TailIndex.Moment(one, 1_000, "x").Shape, 0.5 - 3 * 0.036, 0.5 + 3 * 0.036);
    }

    /// <summary>
    /// With equal weights it is the unweighted estimator to rounding, and the error that of its asymptotic variance: that is
    /// an average over k values here, whose own relative error is near √(κ/4k) with κ ≈ 30 the kurtosis of the influence.
    /// </summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.25)]
    [InlineData(-0.5)]
    public void Equal_weights_give_the_unweighted_estimate_and_error(double shape)
    {
        const int size = 100_000;
        const int k = 2_000;
        // GPD(ξ) above 1: x = 1 + ((1 − u)^−ξ − 1)/ξ, in Pareto form for ξ > 0.
        double[] values =
            shape > 0 ? Pareto(1, size, shape) : [.. Pareto(1, size, 1.0).Select(x => 3.0 - Math.Pow(x, shape))];
        TailIndex plain = TailIndex.Moment(values, k, "x");
        TailIndex weighted = WeightedTailIndex.Moment(values, Normalised(values, _ => 1), (double)k / size, "x").Index;
        Assert.Equal(plain.OrderStatistics, weighted.OrderStatistics);
        Assert.Equal(plain.Threshold, weighted.Threshold);
        Assert.Equal(plain.Shape, weighted.Shape, 1e-10);
        Assert.Equal(1.0, weighted.StandardError / plain.StandardError, 3 * Math.Sqrt(30.0 / (4 * k)));
    }

    /// <summary>Ten steps that all repeat one value are one observation: neither estimate nor error know of the copies.</summary>
    [Fact]
    public void Steps_of_a_path_are_not_taken_for_independent()
    {
        double[] single = Pareto(2, 2_000, 0.5);
        double[] repeated = [.. single.SelectMany(x => Enumerable.Repeat(x, 10))];
        double[] weights = Normalised(single, x => 1 / x);
        var once = WeightedTailIndex.Moment(single, weights, 0.05, "x");
        var tenfold = WeightedTailIndex.Moment(repeated, weights, 0.05, "x");
        // The tail may end within the ten copies of one value, which moves the threshold by less than one of its values.
        Assert.Equal(once.Index.Shape, tenfold.Index.Shape, 0.02);
        Assert.Equal(1.0, tenfold.Index.StandardError / once.Index.StandardError, 0.05);
        Assert.Equal(once.EffectivePaths, tenfold.EffectivePaths, 0.05 * once.EffectivePaths);
    }

    [Fact]
    public void The_trend_of_the_weights_tells_whether_they_rise_with_the_value()
    {
        double[] values = Pareto(3, 4_000, 0.25);
        var stream = new PhiloxStream(12);
        double[] random = [.. values.Select((_, i) => stream.Uniform(0, i, DrawPurpose.Margin))];
        // Strictly rising weights have a rank correlation of 1, falling ones of −1; unrelated ones end within three deviations.
        Assert.Equal(1.0, Correlation(Normalised(values, x => x)), 1e-9);
        Assert.Equal(-1.0, Correlation(Normalised(values, x => 1 / x)), 1e-9);
        Assert.InRange(Trend([.. random.Select(w => w / random.Sum())]), -3, 3);
        Assert.Equal(0.0, Trend(Normalised(values, _ => 1)));

        double Trend(double[] weights) => WeightedTailIndex.Moment(values, weights, 0.05, "x").WeightTrend;

        double Correlation(double[] weights) =>
            Trend(weights) / Math.Sqrt(WeightedTailIndex.Moment(values, weights, 0.05, "x").Index.OrderStatistics);
    }

    [Theory]
    [InlineData(new[] { 3.0, 2.0, 1.0 }, 0.2, ErrorCodes.TooFewExceedances)]
    [InlineData(new[] { 3.0, 2.0, 1.0 }, 0.99, ErrorCodes.TooFewExceedances)]
    [InlineData(new[] { 3.0, 2.0, -1.0, -2.0 }, 0.5, ErrorCodes.OutOfRange)]
    [InlineData(new[] { 2.0, 2.0, 2.0, 1.0 }, 0.5, ErrorCodes.BadData)]
    public void A_tail_that_says_nothing_is_refused(double[] values, double share, string code)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            WeightedTailIndex.Moment(values, Normalised(values, _ => 1), share, "severity of X")
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((code, "severity of X"), (error.Code, error.Field));
    }

    private static double[] Pareto(int path, int count, double shape)
    {
        var stream = new PhiloxStream(31);
        return
        [
            .. Enumerable.Range(0, count).Select(i => Math.Pow(stream.Uniform(path, i, DrawPurpose.Margin), -shape)),
        ];
    }

    private static double[] Normalised(double[] values, Func<double, double> weight)
    {
        double[] weights = [.. values.Select(weight)];
        double total = weights.Sum();
        return [.. weights.Select(w => w / total)];
    }
}
