using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Spectra;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Spectra;

public sealed class WaveletVarianceTests
{
    /// <summary>
    /// A moving sum has known wavelet variances: for white noise of variance σ² the Haar variance at level j is σ²/2^j.
    /// The estimate's standard error is below σ²/2^j·√(2/η) with η = M/2^j, taken at five of them.
    /// </summary>
    [Fact]
    public void White_noise_halves_its_variance_from_scale_to_scale()
    {
        double[] x = MaximalOverlapTransformTests.Noise(20_000);

        IReadOnlyList<ScaleVariance> scales = WaveletVariance.Of(
            MaximalOverlapTransform.Decompose(x, WaveletFilter.Haar, 6)
        );

        foreach (ScaleVariance s in scales)
        {
            double theory = Math.Pow(0.5, s.Level);
            double error = theory * Math.Sqrt(2 / (s.Coefficients * theory)); // η = M/2^j
            Assert.InRange(s.Variance, theory - 5 * error, theory + 5 * error);
            Assert.True(s.Lower < s.Variance && s.Variance < s.Upper);
        }

        Assert.Equal(1, WaveletVariance.Shares(scales).Sum(), 1e-12);
    }

    /// <summary>
    /// Coverage of the 95 % interval at level 3 over 400 white series of 256 days: at least 95 % by its construction
    /// (η₃ is conservative); five binomial standard errors (1.1 %) below that would be a broken interval.
    /// </summary>
    [Fact]
    public void The_interval_covers_the_true_variance()
    {
        int covered = 0;
        for (ulong seed = 1; seed <= 400; seed++)
        {
            ScaleVariance s = WaveletVariance.Of(
                MaximalOverlapTransform.Decompose(MaximalOverlapTransformTests.Noise(256, seed), WaveletFilter.Haar, 3)
            )[2];
            if (s.Lower <= 0.125 && 0.125 <= s.Upper)
                covered++;
        }

        Assert.InRange(covered / 400.0, 0.95 - 5 * 0.011, 1);
    }

    /// <summary>
    /// R's waveslim 1.8 on daily log returns of one stock: modwt (la8, periodic, 6 levels), brick.wall, wave.variance with
    /// eta3. It prints 15 digits; its filter constants are exact to
    /// 1e-12, coefficients of returns below 0.75 in size to as much.
    /// </summary>
    [Fact]
    public void Variances_and_intervals_agree_with_an_independent_implementation()
    {
        using JsonDocument reference = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement expected = reference.RootElement.GetProperty("wavelet_waveslim").GetProperty("AAPL_la8");
        double[] returns =
        [
            .. SharedSeries.Returns("data/us20_prices_1990_2022.csv.gz", "AAPL").Select(r => Math.Log(1 + r)),
        ];

        WaveletDecomposition d = MaximalOverlapTransform.Decompose(returns, WaveletFilter.LeastAsymmetric8, 6);
        IReadOnlyList<ScaleVariance> scales = WaveletVariance.Of(d);

        for (int t = 0; t < 3; t++)
        {
            Assert.Equal(expected.GetProperty("first3_d1")[t].GetDouble(), d.Details[0][t], 1e-12);
            Assert.Equal(expected.GetProperty("first3_d6")[t].GetDouble(), d.Details[5][t], 1e-12);
            Assert.Equal(expected.GetProperty("first3_s6")[t].GetDouble(), d.Smooth[t], 1e-12);
        }

        for (int j = 0; j < 6; j++)
        {
            JsonElement row = expected.GetProperty("unbiased")[j];
            Relative(row[0].GetDouble(), scales[j].Variance, 1e-10);
            Relative(row[1].GetDouble(), scales[j].Lower, 1e-7);
            Relative(row[2].GetDouble(), scales[j].Upper, 1e-7);
        }
    }

    private static void Relative(double expected, double actual, double tolerance) =>
        Assert.Equal(expected, actual, tolerance * Math.Abs(expected));

    [Fact]
    public void A_level_that_the_boundary_touches_everywhere_is_left_out()
    {
        WaveletDecomposition d = MaximalOverlapTransform.Decompose(
            MaximalOverlapTransformTests.Noise(32),
            WaveletFilter.LeastAsymmetric8,
            4
        );

        Assert.Equal(2, WaveletVariance.Of(d).Count); // widths 8, 22, 50, 106 on 32 days
    }
}
