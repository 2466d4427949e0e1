using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Tests.Plausibility;

public sealed class PlausibilityLevelTests
{
    /// <summary>Upper critical values of the chi-square distribution (NIST/SEMATECH e-Handbook, section 1.3.6.7.4), 3 decimals.</summary>
    [Theory]
    [InlineData(1, 3.841, 0.05)]
    [InlineData(1, 10.828, 0.001)]
    [InlineData(2, 5.991, 0.05)]
    [InlineData(10, 18.307, 0.05)]
    [InlineData(10, 29.588, 0.001)]
    [InlineData(50, 67.505, 0.05)]
    [InlineData(100, 149.449, 0.001)]
    public void Tail_and_radius_agree_with_the_printed_table(int dimension, double critical, double tail)
    {
        // Half a unit of the last printed digit times the density there, which is at most 0.03 (one dimension, 3.841).
        Assert.Equal(tail, PlausibilityLevel.ChiSquareTail(dimension, Math.Sqrt(critical)), 1.5e-5);
        Assert.Equal(critical, Math.Pow(PlausibilityLevel.Radius(dimension, 1 - tail), 2), 6e-4);
    }

    [Fact]
    public void In_two_dimensions_the_tail_is_exponential()
    {
        foreach (double d in new[] { 0.1, 1.0, 3.0, 6.0, 9.0 })
            Assert.Equal(Math.Exp(-d * d / 2), PlausibilityLevel.ChiSquareTail(2, d), 1e-12);
    }

    [Fact]
    public void One_dimensional_tail_inverts_the_normal_quantile()
    {
        foreach (double p in new[] { 0.5, 0.1, 0.01, 1e-3, 1e-6, 1e-9 })
            Assert.Equal(p, PlausibilityLevel.OneDimensionalTail(-StandardNormal.Quantile(p)), 1e-10 * p + 1e-16);
    }
}
