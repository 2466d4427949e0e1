using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

public sealed class CramerVonMisesTests
{
    /// <summary>
    /// Points of the limiting distribution (Csörgő and Faraway, JRSS B 58, 1996, table 1), to five decimals: half a unit of
    /// the last times the greatest density, about 8, is 4e-5.
    /// </summary>
    [Theory]
    [InlineData(0.02480, 0.99)]
    [InlineData(0.03656, 0.95)]
    [InlineData(0.04601, 0.90)]
    [InlineData(0.07026, 0.75)]
    [InlineData(0.11888, 0.50)]
    [InlineData(0.20939, 0.25)]
    [InlineData(0.34730, 0.10)]
    [InlineData(0.46136, 0.05)]
    [InlineData(0.74346, 0.01)]
    [InlineData(1.16786, 0.001)]
    public void Tail_has_the_published_points(double statistic, double tail) =>
        Assert.Equal(tail, CramerVonMises.Tail(statistic), 4e-5);

    [Fact]
    public void Tail_falls_from_one_to_nothing_without_a_step()
    {
        double before = 1.0;
        for (double x = 1e-3; x < 12.0; x *= 1.02)
        {
            double tail = CramerVonMises.Tail(x);
            Assert.InRange(tail, 0.0, before);
            before = tail;
        }

        Assert.InRange(CramerVonMises.Tail(4.0 + 1e-9) / CramerVonMises.Tail(4.0 - 1e-9), 1.0 - 1e-5, 1.0);
        Assert.Equal(0.0, CramerVonMises.Tail(1e6));
    }

    /// <summary>
    /// Under the null p is uniform over its whole range, not at its usual levels only. Kolmogorov's distance of 2,000
    /// replications exceeds 1.95/√2000 = 0.044 once in a thousand; the limit is off by 0.002 at these sizes.
    /// </summary>
    [Theory]
    [InlineData(20)]
    [InlineData(250)]
    public void P_is_uniform_for_uniform_values(int count)
    {
        const int trials = 2_000;
        var stream = new PhiloxStream(1962);
        double[] values = new double[count];
        double[] p = new double[trials];
        for (int trial = 0; trial < trials; trial++)
        {
            stream.FillUniforms(values, trial, count, DrawPurpose.SimulatedMarket);
            p[trial] = CramerVonMises.OfUniforms(values).PValue;
        }

        Array.Sort(p);
        double distance = p.Select(
                (v, i) => Math.Max(Math.Abs(v - (double)i / trials), Math.Abs(v - (i + 1.0) / trials))
            )
            .Max();
        Assert.InRange(distance, 0.0, 1.95 / Math.Sqrt(trials) + 0.002);
    }
}
