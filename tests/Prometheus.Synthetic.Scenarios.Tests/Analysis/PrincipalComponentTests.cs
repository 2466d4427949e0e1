using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Analysis;

public sealed class PrincipalComponentTests
{
    private const int Days = 400;

    /// <summary>Of two columns with correlation ρ the components' shares are (1 ± ρ)/2, whichever way they move.</summary>
    [Theory]
    [InlineData(-0.95)]
    [InlineData(-0.3)]
    [InlineData(0.4)]
    public void Of_two_columns_it_is_the_larger_one(double correlation)
    {
        double[] values = Loaded([1.0, correlation], Math.Sqrt(1.0 - correlation * correlation), seed: 3);
        (double[] scores, double share) = PrincipalComponent.First(values, 2);
        double[] r = SampleMoments.Correlation(
            SampleMoments.Covariance(values, 2, SampleMoments.Means(values, 2), Days),
            2
        );
        Assert.Equal(0.5 * (1.0 + Math.Abs(r[1])), share, 1e-9);
        Assert.Equal(2.0 * share, scores.Average(s => s * s), 1e-8);
    }

    /// <summary>Columns that move with and against one factor, as prices and a volatility index do.</summary>
    [Fact]
    public void It_explains_as_much_as_the_largest_eigenvalue()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            int width = 2 + (int)(seed % 7);
            var stream = new PhiloxStream(1_000 + seed);
            double[] loadings = new double[width];
            stream.FillNormals(loadings, 0, 0, DrawPurpose.SimulatedMarket);
            double[] values = Loaded(loadings, 1.0, seed);
            double[] r = SampleMoments.Correlation(
                SampleMoments.Covariance(values, width, SampleMoments.Means(values, width), Days),
                width
            );
            SymmetricEigen eigen = SymmetricEigen.Of(r, width);
            // Sixty steps leave (λ₂/λ₁)¹²⁰ of what was not the component in the share: below e⁻¹² where the two are a
            // tenth apart, and at most their distance where they are not.
            double slack = Math.Min(eigen.Values[0] - eigen.Values[1], eigen.Values[0] * 2e-3);
            double share = PrincipalComponent.First(values, width).Share;
            Assert.InRange(share * width, eigen.Values[0] - slack, eigen.Values[0] + 1e-9);
        }
    }

    [Fact]
    public void A_constant_column_weighs_nothing()
    {
        double[] pair = Loaded([1.0, -0.8], 0.6, seed: 9);
        double[] values = new double[3 * Days];
        for (int t = 0; t < Days; t++)
            (values[3 * t], values[3 * t + 1], values[3 * t + 2]) = (0.25, pair[2 * t], pair[2 * t + 1]);
        Assert.Equal(PrincipalComponent.First(pair, 2).Share, PrincipalComponent.First(values, 3).Share, 1e-12);
        Assert.Equal(0.0, PrincipalComponent.First(new double[3 * Days], 3).Share);
    }

    /// <summary>The first column is its factor alone where its noise is nothing: x = b·f + noise·e.</summary>
    private static double[] Loaded(double[] loadings, double noise, ulong seed)
    {
        int width = loadings.Length;
        var stream = new PhiloxStream(seed);
        double[] values = new double[Days * width];
        for (int t = 0; t < Days; t++)
        {
            double factor = stream.Normal(t, 0, DrawPurpose.SimulatedMarket);
            for (int k = 0; k < width; k++)
                values[t * width + k] =
                    loadings[k] * factor
                    + (width == 2 && k == 0 ? 0.0 : noise) * stream.Normal(t, k + 1, DrawPurpose.SimulatedMarket);
        }

        return values;
    }
}
