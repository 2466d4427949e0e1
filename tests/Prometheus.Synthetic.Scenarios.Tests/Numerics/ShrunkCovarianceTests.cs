using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

public sealed class ShrunkCovarianceTests
{
    [Fact]
    public void Shrinkage_weight_agrees_with_an_independent_implementation()
    {
        using JsonDocument oracle = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement expected = oracle.RootElement.GetProperty("ledoit_wolf").GetProperty("us20_all");
        RealPanel panel = RealPanel.Us20(logarithmic: true);
        double[] data = panel.Centred();
        double[] moments = ShrunkCovariance.SecondMoments(data, panel.Days, panel.Width);
        // The reference is of doubles from a text of three decimals: agreement is limited by rounding alone.
        Assert.Equal(
            expected.GetProperty("shrinkage").GetDouble(),
            ShrunkCovariance.LedoitWolf(data, moments, panel.Days, panel.Width),
            1e-9
        );
    }

    [Fact]
    public void Units_do_not_change_the_correlation_and_permuting_permutes()
    {
        RealPanel panel = RealPanel.Us20();
        double[] scaled = [.. panel.Values];
        for (int i = 0; i < scaled.Length; i += panel.Width)
            scaled[i] *= 100.0;
        var plain = ShrunkCovariance.Of(panel.Values, panel.Days, panel.Width);
        var percent = ShrunkCovariance.Of(scaled, panel.Days, panel.Width);
        Assert.Equal(plain.Shrinkage, percent.Shrinkage, 1e-12);
        Assert.Equal(plain.Values[1] * 100.0, percent.Values[1], 1e-12);
        Assert.Equal(plain.Values[0] * 10_000.0, percent.Values[0], 1e-10);
    }

    [Fact]
    public void Cholesky_solves_and_multiplies_back()
    {
        double[] a = [4, 2, 0.6, 2, 5, 1.5, 0.6, 1.5, 3];
        Cholesky factor = Cholesky.TryFactor(a, 3)!;
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
        Assert.Null(Cholesky.TryFactor([1, 2, 2, 4], 2));
    }
}
