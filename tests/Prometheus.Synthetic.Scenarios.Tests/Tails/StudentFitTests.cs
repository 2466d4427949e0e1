using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

public sealed class StudentFitTests
{
    [Fact]
    public void A_fit_that_does_not_arrive_is_refused_and_not_taken()
    {
        double[] sample = [.. Enumerable.Range(0, 200).Select(i => Math.Exp(StandardNormal.Quantile((i + 0.5) / 200)))];
        Assert.True(StudentFit.Of(sample, "margins").Scale > 0);
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            StudentFit.Of(sample, "margins", mostSteps: 1)
        );
        Assert.Equal(ErrorCodes.NotConverged, Assert.Single(refused.Errors).Code);
    }

    [Fact]
    public void Fit_of_real_returns_is_the_reference()
    {
        StudentFit fit = StudentFit.Of(RealSeries.Get()["AAPL"], "AAPL");
        JsonElement expected = RealSeries.Reference("student_t", "AAPL");
        Assert.Equal(expected.GetProperty("df").GetDouble(), fit.DegreesOfFreedom, 1e-3 * 3.3);
        // The location is small beside the scale: judged by the scale.
        Assert.Equal(expected.GetProperty("loc").GetDouble(), fit.Location, 1e-3 * 0.0177);
        Assert.Equal(expected.GetProperty("scale").GetDouble(), fit.Scale, 1e-3 * 0.0177);
        Assert.True(fit.LogLikelihood >= expected.GetProperty("loglik").GetDouble() - 1e-3);
        Assert.Null(fit.AtBound);
    }

    [Theory]
    [InlineData(2.6)]
    [InlineData(4.0)]
    [InlineData(9.0)]
    public void Parameters_are_recovered(double nu)
    {
        var stream = new PhiloxStream(11);
        var t = new StudentT(nu);
        double[] sample =
        [
            .. Enumerable
                .Range(0, 20_000)
                .Select(i => 0.001 + 0.02 * t.QuantileOfScore(stream.Normal(i, 0, DrawPurpose.Margin))),
        ];
        StudentFit fit = StudentFit.Of(sample, "x");
        // Standard errors at n = 20,000: ν about 0.05, 0.1, 0.5 for these ν; location 1.7e-4; scale 1 %. Four of each.
        double error =
            nu < 3 ? 0.05
            : nu < 5 ? 0.11
            : 0.55;
        Assert.InRange(fit.DegreesOfFreedom, nu - 4.0 * error, nu + 4.0 * error);
        Assert.Equal(0.001, fit.Location, 7e-4);
        Assert.Equal(0.02, fit.Scale, 8e-4);
    }

    [Fact]
    public void Normal_data_end_at_the_upper_bound_and_say_so()
    {
        // Exact normal quantiles: no t fits better than the thinnest.
        double[] sample = [.. Enumerable.Range(0, 2_000).Select(i => StandardNormal.Quantile((i + 0.5) / 2_000))];
        StudentFit fit = StudentFit.Of(sample, "x");
        Assert.Equal("upper", fit.AtBound);
        Assert.Equal(StudentFit.HighestDegreesOfFreedom, fit.DegreesOfFreedom, 1e-2);
    }

    [Fact]
    public void Cauchy_data_end_at_the_lower_bound_and_say_so()
    {
        double[] sample = [.. Enumerable.Range(0, 2_000).Select(i => Math.Tan(Math.PI * ((i + 0.5) / 2_000 - 0.5)))];
        Assert.Equal("lower", StudentFit.Of(sample, "x").AtBound);
    }

    [Fact]
    public void Stale_series_are_refused()
    {
        double[] sample = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? 0.01 * (i % 3 - 1) : 0.0)];
        Assert.Equal(
            ErrorCodes.ConstantSeries,
            Assert.Throws<ScenarioRefusedException>(() => StudentFit.Of(sample, "x")).Errors[0].Code
        );
    }

    [Theory]
    [InlineData(1.0, 0.75, 1.0)] // Cauchy: tan(π/4)
    [InlineData(2.0, 0.975, 4.30265272974946)] // closed form: 0.95·√(2/(1 − 0.95²))
    [InlineData(4.0, 0.99, 3.74694738797920)] // closed form by cosines
    [InlineData(5.0, 0.99, 3.36492999890722)] // tables: 3.36493
    public void Quantiles_are_the_tabulated_ones(double nu, double p, double expected)
    {
        var t = new StudentT(nu);
        Assert.Equal(expected, t.Quantile(p), 1e-10);
        Assert.Equal(p, t.Cdf(expected), 1e-12);
        Assert.Equal(-expected, t.Quantile(1.0 - p), 1e-10);
    }
}
