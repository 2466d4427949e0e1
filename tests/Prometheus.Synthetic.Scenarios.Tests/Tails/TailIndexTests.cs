using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

public sealed class TailIndexTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(100)]
    [InlineData(250)]
    public void Hill_of_real_losses_is_the_reference(int k)
    {
        double[] losses = RealSeries.Get().Losses("AAPL");
        JsonElement expected = RealSeries.Reference("hill", "AAPL", $"k{k}");
        TailIndex hill = TailIndex.Hill(losses, k, "losses");
        // A closed form: rounding only.
        Assert.Equal(expected.GetProperty("gamma").GetDouble(), hill.Shape, 1e-10);
        Assert.Equal(expected.GetProperty("alpha").GetDouble(), hill.Exponent, 1e-9);
        Assert.Equal(expected.GetProperty("se_gamma").GetDouble(), hill.StandardError, 1e-10);
        Assert.Equal(expected.GetProperty("threshold").GetDouble(), hill.Threshold, 1e-12);
    }

    [Fact]
    public void All_three_recover_the_index_of_an_exact_power_tail()
    {
        double[] sample = Pareto(200_000, 0.4, 1);
        // Five standard errors each; an exact Pareto tail has no bias.
        foreach (
            TailIndex estimate in new[]
            {
                TailIndex.Hill(sample, 5_000, "x"),
                TailIndex.Moment(sample, 5_000, "x"),
                TailIndex.Pickands(sample, 5_000, "x"),
            }
        )
            Assert.InRange(estimate.Shape, 0.4 - 5.0 * estimate.StandardError, 0.4 + 5.0 * estimate.StandardError);
    }

    [Fact]
    public void Moment_and_Pickands_see_a_bounded_tail()
    {
        var stream = new PhiloxStream(7);
        // 1 − √U has its end at 1 with ξ = −½.
        double[] sample =
        [
            .. Enumerable.Range(0, 100_000).Select(i => 1.0 - Math.Sqrt(stream.Uniform(i, 0, DrawPurpose.Margin))),
        ];
        TailIndex moment = TailIndex.Moment(sample, 2_000, "x");
        TailIndex pickands = TailIndex.Pickands(sample, 2_000, "x");
        Assert.InRange(
            moment.Shape,
            -0.5 - 5.0 * moment.StandardError - 0.03,
            -0.5 + 5.0 * moment.StandardError + 0.03
        );
        Assert.InRange(pickands.Shape, -0.5 - 5.0 * pickands.StandardError, -0.5 + 5.0 * pickands.StandardError);
    }

    [Fact]
    public void Standard_errors_cover_at_their_level()
    {
        int samples = 400;
        int hill = 0;
        int moment = 0;
        int pickands = 0;
        for (int s = 0; s < samples; s++)
        {
            double[] sample = Pareto(2_000, 0.3, 100 + s);
            hill += Covers(TailIndex.Hill(sample, 200, "x"), 0.3);
            moment += Covers(TailIndex.Moment(sample, 200, "x"), 0.3);
            pickands += Covers(TailIndex.Pickands(sample, 200, "x"), 0.3);
        }

        // 95 % nominal: binomial deviation 0.011 over 400 samples, times 4, plus 0.02 for finite k.
        foreach (int hits in new[] { hill, moment, pickands })
            Assert.InRange((double)hits / samples, 0.885, 0.995);
    }

    [Fact]
    public void Refusals_name_the_k_and_the_cure()
    {
        double[] sample = [-0.1, 0.0, 0.01, 0.02, 0.03];
        Assert.Equal(
            ErrorCodes.TooFewExceedances,
            Assert.Throws<ScenarioRefusedException>(() => TailIndex.Hill(sample, 5, "x")).Errors[0].Code
        );
        Assert.Equal(
            ErrorCodes.OutOfRange,
            Assert.Throws<ScenarioRefusedException>(() => TailIndex.Hill(sample, 3, "x")).Errors[0].Code
        );
        Assert.Equal(
            ErrorCodes.BadData,
            Assert.Throws<ScenarioRefusedException>(() => TailIndex.Hill([1.0, 1.0, 1.0, 1.0], 2, "x")).Errors[0].Code
        );
    }

    private static int Covers(TailIndex estimate, double truth) =>
        Math.Abs(estimate.Shape - truth) <= 1.959964 * estimate.StandardError ? 1 : 0;

    private static double[] Pareto(int count, double shape, int path)
    {
        var stream = new PhiloxStream(42);
        return
        [
            .. Enumerable.Range(0, count).Select(i => Math.Pow(stream.Uniform(path, i, DrawPurpose.Margin), -shape)),
        ];
    }
}
