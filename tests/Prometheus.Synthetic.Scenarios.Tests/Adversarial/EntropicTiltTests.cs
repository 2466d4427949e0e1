using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

public sealed class EntropicTiltTests
{
    [Theory]
    [InlineData(0.125)]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void A_normal_loss_moves_by_sigma_root_two_kappa(double kappa)
    {
        const int n = 200_000;
        const double sigma = 0.02;
        double[] losses = new double[n];
        for (int i = 0; i < n; i++)
            losses[i] = sigma * StandardNormal.Quantile((i + 0.5) / n);
        EntropicTilt.Tilt tilt = EntropicTilt.Solve(losses, kappa);
        Assert.Equal(kappa, tilt.Divergence, 1e-9);
        // The grid ends at the (1 − 1/2n) quantile, 4.6σ; what lies beyond, tilted by √(2κ) ≤ 2σ, weighs Φ(−2.6) at most.
        Assert.Equal(sigma * Math.Sqrt(2 * kappa), tilt.ExpectedLoss, sigma * (kappa < 1 ? 1e-3 : 0.02));
        Assert.Equal(1.0, tilt.Weights.Sum(), 1e-12);
    }

    [Fact]
    public void A_sample_diverges_no_further_than_its_worst_day()
    {
        EntropicTilt.Tilt tilt = EntropicTilt.Solve([0.0, 0.01, 0.02, 0.05], 50.0);
        Assert.Equal(0.05, tilt.ExpectedLoss, 1e-9);
        Assert.Equal(Math.Log(4), tilt.Divergence, 1e-6);
        EntropicTilt.Tilt none = EntropicTilt.Solve([0.3, 0.3], 1.0);
        Assert.Equal(0.0, none.Divergence, 1e-15);
    }
}
