using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tests.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

public sealed class KendallTauTests
{
    [Fact]
    public void Matrix_of_real_returns_is_the_reference()
    {
        RealSeries real = RealSeries.Get();
        JsonElement expected = RealSeries.Reference("dependence", "kendall_tau_first5");
        string[] names = ["AAPL", "AMD", "BAC", "BBY", "CVX"];
        double[] taus = KendallTau.Matrix([.. names.Select(n => real[n])]);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < 5; j++)
                // Which returns tie depends on the last bit of the logarithms.
                Assert.Equal(expected[i][j].GetDouble(), taus[i * 5 + j], 5e-6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(2)]
    public void Fast_count_equals_the_count_of_all_pairs(int levels)
    {
        var stream = new PhiloxStream(1);
        double[] x = new double[300];
        double[] y = new double[300];
        for (int i = 0; i < x.Length; i++)
        {
            double a = stream.Uniform(i, levels, DrawPurpose.Copula, 0);
            double b = 0.5 * a + 0.5 * stream.Uniform(i, levels, DrawPurpose.Copula, 1);
            (x[i], y[i]) = levels == 0 ? (a, b) : (Math.Floor(a * levels), Math.Floor(b * levels));
        }

        Assert.Equal(Plain(x, y), KendallTau.Of(x, y), 1e-13);
    }

    [Fact]
    public void A_constant_variable_has_no_tau() => Assert.True(double.IsNaN(KendallTau.Of([1, 1, 1], [1, 2, 3])));

    private static double Plain(double[] x, double[] y)
    {
        double sum = 0.0;
        double untiedX = 0.0;
        double untiedY = 0.0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int a = Math.Sign(x[i] - x[j]);
                int b = Math.Sign(y[i] - y[j]);
                sum += a * b;
                untiedX += a * a;
                untiedY += b * b;
            }
        }

        return sum / Math.Sqrt(untiedX * untiedY);
    }
}
