using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Dependence.Elliptical;
using Prometheus.Synthetic.Scenarios.Dependence.Vines;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Tests.Dependence;

/// <summary>
/// Bits of fits and draws, the same on every machine and at every vector width (the numbers were taken with and without
/// AVX-512). A change here changes the content hash of sets and needs a new engine version.
/// </summary>
public sealed class PinnedDrawsTests
{
    private static readonly double[] Correlation = [1.0, 0.6, -0.3, 0.6, 1.0, 0.1, -0.3, 0.1, 1.0];

    [Fact]
    public void Of_a_t_copula() => Assert.Equal(6766185572408726127UL, Bits(new EllipticalCopula(Correlation, 3, 4.0)));

    [Fact]
    public void Of_a_normal_copula() =>
        Assert.Equal(7001395618090773512UL, Bits(new EllipticalCopula(Correlation, 3, null)));

    [Fact]
    public void Of_a_fitted_vine()
    {
        double[][] sample = EllipticalCopulaTests.Draw(new EllipticalCopula(Correlation, 3, 4.0), 1_000);
        Assert.Equal(9757743925470578112UL, Bits(VineFit.Of(sample, ["A", "B", "C"], VineOptions.Default, "copula")));
    }

    [Theory]
    [InlineData(MarginKind.Gpd, 9032586687526599659UL)]
    [InlineData(MarginKind.StudentT, 9643857929253263125UL)]
    public void Of_a_fitted_margin(MarginKind kind, ulong expected)
    {
        double[] sample = EllipticalCopulaTests.Draw(new EllipticalCopula(Correlation, 3, 3.0), 1_000)[0];
        double[] returns = [.. sample.Select(u => 0.01 * (u - 0.5) / (u * (1.0 - u)))];
        IMargin margin = new MarginSpec(kind, 0.1, "margins").Fit(returns, ["X"])[0];
        double[] draws = new double[1_003];
        new PhiloxStream(9).FillUniforms(draws, 0, 0, DrawPurpose.Margin);
        margin.Transform(draws, 1);
        Assert.Equal(expected, Bits(draws));
    }

    private static ulong Bits(ICopula copula)
    {
        double[] rows = new double[copula.Width * 7 * 43];
        copula.Fill(new PhiloxStream(170), 0, 11, 7, rows);
        return Bits(rows);
    }

    private static ulong Bits(ReadOnlySpan<double> values)
    {
        ulong hash = 14695981039346656037;
        foreach (double value in values)
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211;
        return hash;
    }
}
