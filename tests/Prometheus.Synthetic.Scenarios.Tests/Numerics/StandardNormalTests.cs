using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

/// <summary>
/// Quantiles by root finding on the complementary error function with 50 and more digits, rounded to double. AS 241
/// claims a relative 1e-16 in exact arithmetic; its two polynomials of degree 7 add roundings of about 2⁻⁵³ each: 8 ulp.
/// </summary>
public sealed class StandardNormalTests
{
    [Theory]
    [InlineData(0.5000000000000002, 5.565832849343534e-16)]
    [InlineData(0.1, -1.2815515655446004)]
    [InlineData(0.3, -0.5244005127080408)]
    [InlineData(0.075, -1.439531470938456)]
    [InlineData(0.0749, -1.4402382675279637)]
    [InlineData(0.925, 1.4395314709384561)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(0.02425, -1.972961051311885)]
    [InlineData(1e-05, -4.264890793922825)]
    [InlineData(1e-10, -6.361340902404056)]
    [InlineData(1e-11, -6.706023155495136)]
    [InlineData(1.4e-11, -6.656723091518184)]
    [InlineData(1e-16, -8.222082216130435)]
    [InlineData(1.1102230246251565e-16, -8.209536151601387)]
    [InlineData(1e-100, -21.273453560965326)]
    [InlineData(1e-300, -37.0470962993612)]
    public void Agrees_with_high_precision(double p, double quantile) =>
        Assert.InRange(StandardNormal.Quantile(p) / quantile, 1 - 1.8e-15, 1 + 1.8e-15);

    [Fact]
    public void Is_odd_about_one_half_and_ascends()
    {
        double before = double.NegativeInfinity;
        for (int i = 1; i < 4096; i++)
        {
            double p = i / 4096.0; // 1 − p is exact
            double q = StandardNormal.Quantile(p);
            Assert.Equal(-q, StandardNormal.Quantile(1 - p));
            Assert.True(q > before);
            before = q;
        }
    }

    [Fact]
    public void Edges()
    {
        Assert.Equal(double.NegativeInfinity, StandardNormal.Quantile(0));
        Assert.Equal(double.PositiveInfinity, StandardNormal.Quantile(1));
        Assert.Equal(0, StandardNormal.Quantile(0.5));
        foreach (double outside in new[] { -0.1, 1.1, double.NaN })
            Assert.Equal(double.NaN, StandardNormal.Quantile(outside));
    }
}
