using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Tests.Spectra;

public sealed class MaximalOverlapTransformTests
{
    private static readonly double[] Toy = [1, 3, 2, 5, 4, 8, 6, 7];

    /// <summary>Worked by hand from the definition: W1[t] = (x[t] − x[t−1])/2 on the circle, and so on.</summary>
    [Fact]
    public void Haar_coefficients_of_a_small_series_are_those_worked_by_hand()
    {
        WaveletDecomposition d = MaximalOverlapTransform.Decompose(Toy, WaveletFilter.Haar, 2);

        Close([-3, 1, -0.5, 1.5, -0.5, 2, -1, 0.5], d.Details[0], 1e-14);
        Close([-1.5, -2.25, -0.75, 0.75, 1, 1.25, 1.25, 0.25], d.Details[1], 1e-14);
        Assert.Equal(204, Energy(d), 1e-12);
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(37, 5)]
    [InlineData(256, 8)]
    public void Energy_is_preserved_and_a_shift_shifts_the_coefficients(int length, int levels)
    {
        double[] x = Noise(length);
        foreach (WaveletFilter filter in new[] { WaveletFilter.Haar, WaveletFilter.LeastAsymmetric8 })
        {
            WaveletDecomposition d = MaximalOverlapTransform.Decompose(x, filter, levels);
            double energy = x.Sum(v => v * v);
            Assert.Equal(energy, Energy(d), 1e-11 * energy);

            double[] shifted = [.. x[^3..], .. x[..^3]];
            WaveletDecomposition s = MaximalOverlapTransform.Decompose(shifted, filter, levels);
            for (int j = 0; j < levels; j++)
                Close([.. d.Details[j][^3..], .. d.Details[j][..^3]], s.Details[j], 0);
        }
    }

    [Fact]
    public void Filters_satisfy_their_defining_equations()
    {
        foreach (WaveletFilter f in new[] { WaveletFilter.Haar, WaveletFilter.LeastAsymmetric8 })
        {
            Assert.Equal(Math.Sqrt(2), f.Scaling.Sum(), 1e-13);
            Assert.Equal(0, f.Wavelet.Sum(), 1e-13);
            for (int shift = 0; shift < f.Width; shift += 2)
            {
                double product = Enumerable.Range(0, f.Width - shift).Sum(l => f.Scaling[l] * f.Scaling[l + shift]);
                Assert.Equal(shift == 0 ? 1 : 0, product, 1e-12);
            }
        }
    }

    [Fact]
    public void Too_many_levels_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MaximalOverlapTransform.Decompose(Toy, WaveletFilter.Haar, 4));

    internal static double[] Noise(int length, ulong seed = 7)
    {
        double[] x = new double[length];
        new PhiloxStream(seed).FillNormals(x, 0, 0, DrawPurpose.Direction);
        return x;
    }

    private static double Energy(WaveletDecomposition d) =>
        d.Details.Sum(w => w.Sum(v => v * v)) + d.Smooth.Sum(v => v * v);

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
