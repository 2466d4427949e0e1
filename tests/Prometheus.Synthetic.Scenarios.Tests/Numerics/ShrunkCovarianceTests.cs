using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

public sealed class ShrunkCovarianceTests
{
    [Fact]
    public void Units_do_not_change_the_correlation_and_permuting_permutes()
    {
        RealPanel panel = RealPanel.Us20();
        double[] scaled = [.. panel.Values];
        for (int i = 0; i < scaled.Length; i += panel.Width)
            scaled[i] *= 100.0;
        var plain = ShrunkCovariance.Of(panel.Values, panel.Width);
        var percent = ShrunkCovariance.Of(scaled, panel.Width);
        Assert.Equal(plain.Shrinkage, percent.Shrinkage, 1e-12);
        Assert.Equal(plain.Values[1] * 100.0, percent.Values[1], 1e-12);
        Assert.Equal(plain.Values[0] * 10_000.0, percent.Values[0], 1e-10);
    }

    [Fact]
    public void Cholesky_solves_and_multiplies_back()
    {
        double[] a = [4, 2, 0.6, 2, 5, 1.5, 0.6, 1.5, 3];
        CholeskyFactor factor = CholeskyFactor.TryFactor(a, 3)!;
        double[] x = [1, -2, 3];
        double[] back = new double[3];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                back[i] += a[i * 3 + j] * x[j];
        }

        factor.Solve(back);
        for (int i = 0; i < 3; i++)
            Assert.Equal(x[i], back[i], 1e-14);
        Assert.Null(CholeskyFactor.TryFactor([1, 2, 2, 4], 2));
    }
}
