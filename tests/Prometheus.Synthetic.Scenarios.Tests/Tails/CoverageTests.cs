using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

/// <summary>
/// Confidence intervals hold what they promise: 95 % intervals from samples of a known law cover the truth in about 95 %
/// of them. SYNTHETIC_LONG=1 runs ten times as many.
/// </summary>
public sealed class CoverageTests
{
    private const double Z = 1.959964;
    private static readonly int Samples = Environment.GetEnvironmentVariable("SYNTHETIC_LONG") == "1" ? 4_000 : 400;

    /// <summary>Binomial error times four, and what a delta-method interval lacks at the size: skewness of the estimates.</summary>
    private static double Slack(double finite) => 4.0 * Math.Sqrt(0.95 * 0.05 / Samples) + finite;

    [Fact]
    public void Of_pareto_tails_value_at_risk_and_shortfall()
    {
        var truth = new GeneralizedPareto(0.2, 0.01);
        const int count = 4_000;
        const double rate = 0.1;
        const double level = 0.99;
        double value = 0.02 + truth.QuantileOfSurvival((1.0 - level) / rate);
        double shortfall = (value + truth.Scale - truth.Shape * 0.02) / (1.0 - truth.Shape);
        int shape = 0;
        int scale = 0;
        int risk = 0;
        int mean = 0;
        var stream = new PhiloxStream(2024);
        double[] sample = new double[count];
        for (int s = 0; s < Samples; s++)
        {
            for (int i = 0; i < count; i++)
            {
                double u = stream.Uniform(s, i, DrawPurpose.Margin);
                // Exceedances of 0.02 with probability 10 %, the rest anywhere below.
                sample[i] = u < rate ? 0.02 + truth.QuantileOfSurvival(u / rate) : -u;
            }

            GeneralizedParetoFit fit = GeneralizedParetoFit.Over(sample, 0.02, "x");
            TailRisk at = TailRisk.At(fit, level, "p");
            shape += Math.Abs(fit.Tail.Shape - truth.Shape) <= Z * fit.ShapeError ? 1 : 0;
            scale += Math.Abs(fit.Tail.Scale - truth.Scale) <= Z * fit.ScaleError ? 1 : 0;
            risk += Math.Abs(at.ValueAtRisk - value) <= Z * at.ValueAtRiskError ? 1 : 0;
            mean += Math.Abs(at.ExpectedShortfall - shortfall) <= Z * at.ExpectedShortfallError ? 1 : 0;
        }

        Assert.Equal(0.95, (double)shape / Samples, Slack(0.01));
        Assert.Equal(0.95, (double)scale / Samples, Slack(0.01));
        Assert.Equal(0.95, (double)risk / Samples, Slack(0.01));
        // The shortfall's estimate is skewed to the right at 400 exceedances.
        Assert.Equal(0.95, (double)mean / Samples, Slack(0.03));
    }

    [Fact]
    public void Of_block_maxima_and_their_return_levels()
    {
        var truth = new GeneralizedExtremeValue(0.03, 0.01, 0.15);
        double level = truth.ReturnLevel(20);
        int location = 0;
        int shape = 0;
        int returns = 0;
        var stream = new PhiloxStream(2025);
        double[] maxima = new double[200];
        for (int s = 0; s < Samples; s++)
        {
            for (int i = 0; i < maxima.Length; i++)
                maxima[i] = truth.Quantile(stream.Uniform(s, i, DrawPurpose.Margin));
            GeneralizedExtremeValueFit fit = GeneralizedExtremeValueFit.Of(maxima, "x");
            (double found, double error) = fit.ReturnLevel(20);
            location += Math.Abs(fit.Distribution.Location - truth.Location) <= Z * fit.Errors[0] ? 1 : 0;
            shape += Math.Abs(fit.Distribution.Shape - truth.Shape) <= Z * fit.Errors[2] ? 1 : 0;
            returns += Math.Abs(found - level) <= Z * error ? 1 : 0;
        }

        Assert.Equal(0.95, (double)location / Samples, Slack(0.015));
        Assert.Equal(0.95, (double)shape / Samples, Slack(0.015));
        Assert.Equal(0.95, (double)returns / Samples, Slack(0.03));
    }
}
