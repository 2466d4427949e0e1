using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Bootstrap;

/// <summary>Post-corrections and smoothing do what their report says.</summary>
public sealed class CorrectionTests
{
    private static readonly BlockBootstrapFamily s_family = new();

    /// <summary>A calm and a wild half; in the wild one volatility is four times as high and correlation negative.</summary>
    private static CalibrationSnapshot TwoWorlds()
    {
        ShockPanel calm = Histories.Panel(1_200, 3, seed: 5);
        double[] values = calm.Values.ToArray();
        for (int t = 600; t < 1_200; t++)
        {
            for (int k = 0; k < 3; k++)
                values[t * 3 + k] *= k == 2 ? -4 : 4;
        }

        return Histories.WithRegimes(Histories.Of(1_200, 3, values), d => d < 600 ? "CALM" : "WILD");
    }

    [Fact]
    public void Marginals_of_the_whole_history_come_back_from_a_calm_pool()
    {
        CalibrationSnapshot snapshot = TwoWorlds();
        double[] drawn = Columns(snapshot, """{"block_length":3,"marginals":"history"}""", ["CALM"], 1);
        double[] history = snapshot.Panel.Column(1);
        Array.Sort(history);
        Array.Sort(drawn);
        // Draws of 30,000 in blocks of mean 3: standard error of a quantile's level at most √(0.25 · 5 / 30000) = 0.0065
        // (a stationary block of mean b has variance inflation below 2b − 1); the map itself is exact to half a rank.
        foreach (double u in (double[])[0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
        {
            double q = drawn[(int)(u * drawn.Length)];
            double level = (double)~Array.BinarySearch(history, q + 1e-15) / history.Length;
            Assert.InRange(Math.Abs(level), u - 0.03, u + 0.03);
        }
    }

    [Fact]
    public void Nothing_is_mapped_when_draws_are_history()
    {
        ShockPanel panel = Histories.Panel(250, 3);
        CalibrationSnapshot snapshot = Histories.Snapshot(panel);
        const string plain = """{"scheme":"circular","block_length":5}""";
        const string kept = """{"scheme":"circular","block_length":5,"marginals":"history"}""";
        Assert.Equal(
            Histories.All(Histories.Calibrate(s_family, snapshot, plain, 40, 20), 40, 20),
            Histories.All(Histories.Calibrate(s_family, snapshot, kept, 40, 20), 40, 20)
        );
    }

    [Fact]
    public void Correlation_of_the_whole_history_comes_back_and_variances_stay()
    {
        CalibrationSnapshot snapshot = TwoWorlds();
        const string spec = """{"block_length":2,"correlation":"history"}""";
        double[] a = Columns(snapshot, spec, ["CALM"], 0);
        double[] b = Columns(snapshot, spec, ["CALM"], 2);
        ShockPanel panel = snapshot.Panel;
        double target = Correlation(panel.Column(0), panel.Column(2));
        Assert.True(target < -0.3, "the worlds differ");
        // 30,000 draws in blocks of mean 2, so an effective number near 10,000: five standard errors of a correlation.
        Assert.InRange(Correlation(a, b), target - 5 / Math.Sqrt(10_000), target + 5 / Math.Sqrt(10_000));
        double calm = Deviation(panel.Column(0)[..600]);
        Assert.InRange(Deviation(a), calm * 0.96, calm * 1.04);
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, spec, 10, 10, ["CALM"]);
        var report = generator.Report["corrections"]!;
        Assert.True(report["correlation"]!["distance_before"]!.GetValue<double>() > 1.0);
        Assert.InRange(report["correlation_distance_after"]!.GetValue<double>(), 0.0, 1e-10);
    }

    [Fact]
    public void Singular_or_constant_drivers_are_refused()
    {
        double[] values = Histories.Panel(200, 3).Values.ToArray();
        for (int t = 0; t < 200; t++)
            values[t * 3 + 2] = 0.5 * values[t * 3] + 0.5 * values[t * 3 + 1];
        AssertRefused(Histories.Snapshot(Histories.Of(200, 3, values)), ErrorCodes.SingularCovariance);
        for (int t = 0; t < 200; t++)
            values[t * 3 + 2] = 0.001;
        AssertRefused(Histories.Snapshot(Histories.Of(200, 3, values)), ErrorCodes.ConstantSeries);

        static void AssertRefused(CalibrationSnapshot snapshot, string code)
        {
            var refused = Assert.Throws<ScenarioRefusedException>(() =>
                Histories.Calibrate(s_family, snapshot, """{"block_length":2,"correlation":"history"}""", 1, 5)
            );
            Assert.Equal(code, refused.Errors[0].Code);
            Assert.Contains("EQUITY:T002", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Smoothing_keeps_mean_and_covariance_and_touches_only_days_after_seams()
    {
        ShockPanel panel = Histories.Panel(800, 2);
        CalibrationSnapshot snapshot = Histories.Snapshot(panel);
        const int paths = 1_500;
        const int horizon = 20;
        const string smooth = """{"scheme":"circular","block_length":4,"seam_smoothing_days":2}""";
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, smooth, paths, horizon);
        double[] smoothed = Histories.All(generator, paths, horizon);
        double[] plain = Histories.All(
            Histories.Calibrate(s_family, snapshot, """{"scheme":"circular","block_length":4}""", paths, horizon),
            paths,
            horizon
        );
        for (int p = 0; p < paths; p++)
        {
            for (int h = 0; h < horizon; h++)
            {
                int i = (p * horizon + h) * 2;
                if (h < 4 || h % 4 >= 2)
                    Assert.Equal(plain[i], smoothed[i]);
            }
        }

        Assert.NotEqual(plain, smoothed);
        double[] a = [.. smoothed.Where((_, i) => i % 2 == 0)];
        double[] b = [.. smoothed.Where((_, i) => i % 2 == 1)];
        // 30,000 cells of which blended ones borrow from a second draw: relative error of a variance √(2 · 2/30000) = 1.2 %
        // (dependence within blocks of four allowed for by the factor 2); five of them.
        double expected = Deviation(panel.Column(0));
        Assert.InRange(Deviation(a) / expected, 0.96, 1.04);
        Assert.InRange(Correlation(a, b), Correlation(panel.Column(0), panel.Column(1)) - 0.04, 1);
        Assert.InRange(a.Average() - panel.Column(0).Average(), -5 * expected / 120, 5 * expected / 120);
        Assert.NotNull(generator.Describe(0)!.Metadata!["seam_steps"]);
    }

    private static double[] Columns(CalibrationSnapshot snapshot, string spec, string[] regimes, int k)
    {
        const int paths = 1_000;
        const int horizon = 30;
        IPathGenerator generator = Histories.Calibrate(s_family, snapshot, spec, paths, horizon, regimes);
        double[] cells = Histories.All(generator, paths, horizon);
        return [.. cells.Where((_, i) => i % generator.Drivers.Count == k)];
    }

    private static double Deviation(double[] x)
    {
        double mean = x.Average();
        return Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / x.Length);
    }

    private static double Correlation(double[] x, double[] y)
    {
        double mx = x.Average();
        double my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Length / (Deviation(x) * Deviation(y));
    }
}
