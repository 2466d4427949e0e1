using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Tests.Spectra;

public sealed class WindowClassifierTests
{
    private const int Days = 64;

    [Fact]
    public void Energies_sum_to_the_sum_of_squares()
    {
        foreach (int n in new[] { 16, 63, 64 })
        {
            double[] x = MaximalOverlapTransformTests.Noise(n);
            var p = new Periodogram(n);
            double[] energy = new double[p.Frequencies];
            p.Fill(x, energy);
            double squares = x.Sum(v => v * v);
            Assert.Equal(squares, energy.Sum(), 1e-12 * squares);
            Assert.Equal(x.Sum() * x.Sum() / n, energy[0], 1e-12 * squares);
        }
    }

    [Fact]
    public void Stable_angles_agree_with_the_platform_to_the_last_places()
    {
        foreach (int n in new[] { 1, 7, 16, 63, 64, 252, 504 })
        {
            var circle = new UnitCircle(n);
            for (int k = 0; k < n; k++)
            {
                Assert.Equal(Math.Cos(2 * Math.PI * k / n), circle.Cos[k], 5e-15);
                Assert.Equal(Math.Sin(2 * Math.PI * k / n), circle.Sin[k], 5e-15);
            }
        }
    }

    /// <summary>
    /// Under white noise each score has mean 0 and variance 1 by its formulas. Over 4,000 windows the mean's error is
    /// 1/√4000 and the variance's √((κ−1)/4000) with κ below 9 (a Gamma-like right tail); five of each.
    /// </summary>
    [Fact]
    public void Scores_of_white_noise_are_standardised()
    {
        var classifier = new WindowClassifier(Days);
        const int windows = 4_000;
        double[][] scores =
        [
            .. Enumerable
                .Range(1, windows)
                .Select(i => classifier.Score(MaximalOverlapTransformTests.Noise(Days, (ulong)i)))
                .Select(s => new[] { s.Trend, s.Choppiness, s.Cycle }),
        ];
        for (int c = 0; c < 3; c++)
        {
            double mean = scores.Average(s => s[c]);
            double variance = scores.Average(s => s[c] * s[c]);
            Assert.InRange(mean, -5 / Math.Sqrt(windows), 5 / Math.Sqrt(windows));
            Assert.InRange(variance, 1 - 5 * Math.Sqrt(8.0 / windows), 1 + 5 * Math.Sqrt(8.0 / windows));
        }
    }

    [Fact]
    public void A_drift_a_reversal_and_a_cycle_are_told_apart()
    {
        double[] noise = MaximalOverlapTransformTests.Noise(Days);
        var classifier = new WindowClassifier(Days);
        WindowClass Of(Func<int, double> signal) =>
            classifier.Score([.. noise.Select((e, t) => 0.3 * e + signal(t))]).Class;

        Assert.Equal(WindowClass.TrendDominated, Of(_ => 0.5));
        Assert.Equal(WindowClass.Choppy, Of(t => t % 2 == 0 ? 0.5 : -0.5));
        Assert.Equal(WindowClass.Oscillatory, Of(t => Math.Sin(2 * Math.PI * t / 10)));
    }

    [Fact]
    public void Classes_do_not_depend_on_the_size_or_sign_of_returns()
    {
        var classifier = new WindowClassifier(Days);
        for (ulong seed = 1; seed < 50; seed++)
        {
            double[] x = MaximalOverlapTransformTests.Noise(Days, seed);
            WindowClass original = classifier.Score(x).Class;
            Assert.Equal(original, classifier.Score([.. x.Select(v => -0.25 * v)]).Class);
        }
    }

    /// <summary>Fisher's g: P(g &gt; x) for m = 10 by its definition in exact fractions at x = ½ (one term) and x = 0.4 (two).</summary>
    [Fact]
    public void Fishers_test_has_its_exact_values()
    {
        Assert.Equal(10 * Math.Pow(0.5, 9), SpectralShape.FisherPValue(0.5, 10), 1e-15);
        Assert.Equal(10 * Math.Pow(0.6, 9) - 45 * Math.Pow(0.2, 9), SpectralShape.FisherPValue(0.4, 10), 1e-15);
        Assert.Equal(1, SpectralShape.FisherPValue(0.01, 200), 1e-12);
    }

    [Fact]
    public void The_shape_of_a_cycle_names_its_period_and_white_noise_has_no_slope()
    {
        double[] noise = MaximalOverlapTransformTests.Noise(600);
        SpectralShape cycle = SpectralShape.Of([.. noise.Select((e, t) => e + 2 * Math.Cos(2 * Math.PI * t / 20))]);
        SpectralShape white = SpectralShape.Of(noise);
        double[] walk = new double[600];
        for (int t = 1; t < walk.Length; t++)
            walk[t] = walk[t - 1] + noise[t];

        Assert.Equal(20, cycle.DominantPeriodDays, 1e-12);
        Assert.True(cycle.PeakPValue < 1e-12);
        Assert.InRange(white.Slope, -5 * white.SlopeError, 5 * white.SlopeError);
        SpectralShape wandering = SpectralShape.Of(walk);
        Assert.InRange(wandering.Slope, -2 - 5 * wandering.SlopeError, -2 + 5 * wandering.SlopeError);
        Assert.True(cycle.Entropy < white.Entropy);
    }

    [Fact]
    public void Distance_is_a_metric_on_rhythm_and_blind_to_size()
    {
        double[] a = SpectralDistance.Profile(MaximalOverlapTransformTests.Noise(64, 1), 5);
        double[] b = SpectralDistance.Profile([.. MaximalOverlapTransformTests.Noise(64, 1).Select(v => 3 * v)], 5);
        double[] c = SpectralDistance.Profile([.. Enumerable.Range(0, 64).Select(t => t % 2 == 0 ? 1.0 : -1.0)], 5);

        Assert.Equal(0, SpectralDistance.Between(a, b), 1e-12);
        Assert.Equal(SpectralDistance.Between(a, c), SpectralDistance.Between(c, a));
        Assert.InRange(SpectralDistance.Between(a, c), 0.2, 1);
    }
}
