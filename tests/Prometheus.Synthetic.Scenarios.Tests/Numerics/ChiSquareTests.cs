using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

public sealed class ChiSquareTests
{
    [Theory]
    [InlineData(0.5, 0.5723649429247001)] // ½ ln π
    [InlineData(1.0, 0.0)]
    [InlineData(10.0, 12.801827480081469)] // ln 9!
    [InlineData(100.0, 359.1342053695754)] // ln 99!
    public void Log_gamma(double x, double expected) =>
        // The shift to x ≥ 15 subtracts logarithms of up to 30: a few 1e-15 absolute.
        Assert.Equal(expected, GammaFunctions.LogGamma(x), 1e-14 * Math.Max(1.0, expected));

    /// <summary>Critical values as tables print them, to the digits given here.</summary>
    [Theory]
    [InlineData(0.95, 1, 3.841458820694124)]
    [InlineData(0.99, 5, 15.08627246938899)]
    [InlineData(0.05, 10, 3.940299136)]
    [InlineData(0.5, 2, 1.3862943611198906)] // 2 ln 2
    [InlineData(0.999, 30, 59.70306)]
    public void Quantiles(double probability, double degreesOfFreedom, double expected) =>
        Assert.Equal(
            expected,
            ChiSquare.QuantileOfScore(StandardNormal.Quantile(probability), degreesOfFreedom),
            expected * (degreesOfFreedom == 30 ? 1e-7 : 1e-9)
        );

    [Theory]
    [InlineData(2.05)]
    [InlineData(3.0)]
    [InlineData(5.0)]
    [InlineData(40.0)]
    [InlineData(200.0)]
    public void Quantile_and_tail_probability_are_inverse_in_both_tails(double degreesOfFreedom)
    {
        double before = 0.0;
        for (double z = -8.25; z <= 8.25; z += 0.125)
        {
            double x = ChiSquare.QuantileOfScore(z, degreesOfFreedom);
            Assert.True(x > before, $"not increasing at z = {z}");
            before = x;
            double tail = 0.5 * GammaFunctions.RegularizedQ(0.5, 0.5 * z * z);
            double back =
                z > 0
                    ? GammaFunctions.RegularizedQ(0.5 * degreesOfFreedom, 0.5 * x)
                    : GammaFunctions.RegularizedP(0.5 * degreesOfFreedom, 0.5 * x);
            // The kernel's exponent is up to 500 in size: 500 · 1e-16 relative, some of it twice.
            Assert.Equal(tail, back, 3e-13 * tail);
        }
    }

    [Theory]
    [InlineData(2.05)]
    [InlineData(5.0)]
    [InlineData(200.0)]
    public void The_table_of_mixing_factors_interpolates_to_eight_digits(double degreesOfFreedom)
    {
        var mixing = new StudentMixing(degreesOfFreedom);
        for (double z = -8.13; z < 8.13; z += 0.0371)
        {
            double exact = Math.Sqrt((degreesOfFreedom - 2.0) / ChiSquare.QuantileOfScore(z, degreesOfFreedom));
            Assert.Equal(exact, mixing.At(z), 1e-8 * exact);
        }
    }
}
