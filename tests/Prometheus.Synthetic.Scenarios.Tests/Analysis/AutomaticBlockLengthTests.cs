using Prometheus.Synthetic.Scenarios.Analysis;

namespace Prometheus.Synthetic.Scenarios.Tests.Analysis;

public sealed class AutomaticBlockLengthTests
{
    // The figures come from another implementation in floating point; both sum a thousand terms, so rounding is near
    // 1e-13 and the seven printed digits are the limit.
    [Theory]
    [InlineData(0.3, 6.505693, 7.447160)]
    [InlineData(0.5, 8.908585, 10.197784)]
    public void Autoregression_of_the_portable_generator(double phi, double stationary, double circular)
    {
        BlockLengthEstimate e = AutomaticBlockLength.Estimate(Autoregression(phi, 1000))!;
        Assert.Equal(stationary, e.Stationary, 5e-7);
        Assert.Equal(circular, e.Circular, 5e-7);
    }

    // arch.bootstrap.optimal_block_length on daily log returns 1990-2022.
    [Theory]
    [InlineData("AAPL", false, 7.903068653323153, 9.046755247335794)]
    [InlineData("AAPL", true, 207.27441526560696, 237.26997527145403)]
    [InlineData("EW20", false, 7.253323205140512, 8.302982378766925)]
    public void Real_returns_agree_with_arch(string series, bool absolute, double stationary, double circular)
    {
        var prices = RealData.Us20Prices();
        double[][] returns = [.. prices.Columns.Select(RealData.LogReturns)];
        double[] x =
            series == "EW20"
                ? [.. Enumerable.Range(0, returns[0].Length).Select(t => returns.Average(r => r[t]))]
                : RealData.LogReturns(prices[series]);
        if (absolute)
            x = [.. x.Select(Math.Abs)];
        BlockLengthEstimate e = AutomaticBlockLength.Estimate(x)!;
        Assert.Equal(stationary, e.Stationary, 1e-8 * stationary);
        Assert.Equal(circular, e.Circular, 1e-8 * circular);
    }

    [Fact]
    public void Independent_noise_needs_blocks_of_about_a_day_and_a_constant_has_none()
    {
        // For white noise G is a sum of M ≤ 2 insignificant covariances: b³ = n·(Σ2λkR(k))²/R(0)² ≲ n·(2·2·cv/2)² with
        // cv = 2√(log₁₀ n / n), i.e. b ≲ (16·log₁₀ n)^⅓ < 4 unless a lag is significant by chance.
        BlockLengthEstimate e = AutomaticBlockLength.Estimate(Autoregression(0.0, 1000))!;
        Assert.InRange(e.StationaryInRange, 1.0, 4.0);
        Assert.Null(AutomaticBlockLength.Estimate(Enumerable.Repeat(0.1, 500).ToArray()));
        Assert.Null(AutomaticBlockLength.Estimate([0.1, 0.2, 0.3]));
    }

    [Fact]
    public void A_slow_cycle_is_capped()
    {
        // A full cosine has autocovariances far beyond any block: Σ λ(k/M)·k·R(k) outgrows the long-run variance.
        double[] cycle = [.. Enumerable.Range(0, 900).Select(i => Math.Cos(2 * Math.PI * i / 300.0))];
        BlockLengthEstimate e = AutomaticBlockLength.Estimate(cycle)!;
        Assert.Equal(90.0, e.Cap);
        Assert.InRange(e.StationaryInRange, 1.0, 90.0);
        Assert.Equal(Math.Clamp(e.Circular, 1.0, 90.0), e.CircularInRange);
    }

    /// <summary>The portable generator of the published check: Lehmer uniforms, sums of twelve, AR(1).</summary>
    internal static double[] Autoregression(double phi, int n)
    {
        const long modulus = 2147483647;
        long state = 12345;
        double[] x = new double[n];
        for (int i = 0; i < n; i++)
        {
            double e = -6.0;
            for (int j = 0; j < 12; j++)
            {
                state = 16807 * state % modulus;
                e += (double)state / modulus;
            }

            x[i] = i == 0 ? e : phi * x[i - 1] + e;
        }

        return x;
    }
}
