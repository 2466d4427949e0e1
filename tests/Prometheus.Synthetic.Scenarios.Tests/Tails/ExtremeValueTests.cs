using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

/// <summary>Published fits and those of independent implementations.</summary>
public sealed class ExtremeValueTests
{
    /// <summary>Annual maximum sea levels at Port Pirie, metres, 1923–1987 (Coles, "An introduction to statistical modeling of extreme values", 2001).</summary>
    private static readonly double[] PortPirie =
    [
        4.03,
        3.83,
        3.65,
        3.88,
        4.01,
        4.08,
        4.18,
        3.80,
        4.36,
        3.96,
        3.98,
        4.69,
        3.85,
        3.96,
        3.85,
        3.93,
        3.75,
        3.63,
        3.57,
        4.25,
        3.97,
        4.05,
        4.24,
        4.22,
        3.73,
        4.37,
        4.06,
        3.71,
        3.96,
        4.06,
        4.55,
        3.79,
        3.89,
        4.11,
        3.85,
        3.86,
        3.86,
        4.21,
        4.01,
        4.11,
        4.24,
        3.96,
        4.21,
        3.74,
        3.85,
        3.88,
        3.66,
        4.11,
        3.71,
        4.18,
        3.90,
        3.78,
        3.91,
        3.72,
        4.00,
        3.66,
        3.62,
        4.33,
        4.55,
        3.75,
        4.08,
        3.90,
        3.88,
        3.94,
        4.33,
    ];

    [Fact]
    public void A_likelihood_that_is_not_maximised_is_refused_and_not_taken()
    {
        double[] maxima = [.. Enumerable.Range(1, 40).Select(i => -Math.Log(-Math.Log(i / 41.0)))];
        Assert.Equal(0.0, GeneralizedExtremeValueFit.Of(maxima, "maxima").Distribution.Shape, 0.2);
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            GeneralizedExtremeValueFit.Of(maxima, "maxima", mostEvaluations: 12)
        );
        Assert.Equal(ErrorCodes.NotConverged, Assert.Single(refused.Errors).Code);
    }

    [Fact]
    public void Port_Pirie_maxima_give_the_published_fit()
    {
        GeneralizedExtremeValueFit fit = GeneralizedExtremeValueFit.Of(PortPirie, "maxima");
        // Published to five decimals; Coles prints log-likelihood 4.34 and errors 0.028, 0.020, 0.098.
        Assert.Equal(3.87475, fit.Distribution.Location, 2e-5);
        Assert.Equal(0.19804, fit.Distribution.Scale, 2e-5);
        Assert.Equal(-0.05011, fit.Distribution.Shape, 5e-5);
        Assert.Equal(4.34, fit.LogLikelihood, 0.005);
        Assert.Equal(0.028, fit.Errors[0], 0.0005);
        Assert.Equal(0.020, fit.Errors[1], 0.0005);
        Assert.Equal(0.098, fit.Errors[2], 0.0005);
    }

    [Fact]
    public void Port_Pirie_return_levels_and_their_errors_are_the_published_ones()
    {
        GeneralizedExtremeValueFit fit = GeneralizedExtremeValueFit.Of(PortPirie, "maxima");
        (double ten, double tenError) = fit.ReturnLevel(10);
        (double hundred, double hundredError) = fit.ReturnLevel(100);
        // Coles 3.4.1: 4.30 with variance 0.00303, 4.69 with variance 0.0250.
        Assert.Equal(4.30, ten, 0.005);
        Assert.Equal(Math.Sqrt(0.00303), tenError, 0.0005);
        Assert.Equal(4.69, hundred, 0.005);
        Assert.Equal(Math.Sqrt(0.0250), hundredError, 0.001);
    }

    [Theory]
    [InlineData("gev_block21", 21)]
    [InlineData("gev_block63", 63)]
    public void Block_maxima_of_real_losses_agree_with_evd(string entry, int block)
    {
        double[] losses = RealSeries.Get().Losses("AAPL");
        JsonElement expected = RealSeries.Reference("evt_r", "AAPL", entry);
        double[] maxima = GeneralizedExtremeValueFit.BlockMaxima(losses, block);
        GeneralizedExtremeValueFit fit = GeneralizedExtremeValueFit.Of(maxima, "maxima");
        Assert.Equal(expected.GetProperty("n_blocks").GetInt32(), fit.Blocks);
        // Maximum likelihood of two programs: 1e-3 relative.
        Close(expected.GetProperty("evd").GetProperty("loc"), fit.Distribution.Location, 1e-3);
        Close(expected.GetProperty("evd").GetProperty("scale"), fit.Distribution.Scale, 1e-3);
        Close(expected.GetProperty("evd").GetProperty("shape"), fit.Distribution.Shape, 1e-3);
        Assert.True(fit.LogLikelihood > expected.GetProperty("evd_loglik").GetDouble() - 1e-3);
        // evd's errors are of returns in percent; numerical second derivatives differ by a few parts in a thousand.
        JsonElement errors = expected.GetProperty("evd_se_pct");
        Close(errors[0], 100.0 * fit.Errors[0], 5e-3);
        Close(errors[1], 100.0 * fit.Errors[1], 5e-3);
        Close(errors[2], fit.Errors[2], 5e-3);
    }

    [Fact]
    public void Tail_over_a_threshold_agrees_with_fExtremes_and_evd()
    {
        double[] losses = RealSeries.Get().Losses("AAPL");
        double[] sorted = [.. losses.Order()];
        double threshold = SemiParametricMargin.QuantileOf(sorted, 0.95);
        GeneralizedParetoFit fit = GeneralizedParetoFit.Over(losses, threshold, "losses");
        JsonElement e = RealSeries.Reference("evt_r", "AAPL");
        JsonElement expected = e.GetProperty("gpd_fExtremes");
        Close(expected.GetProperty("u"), threshold, 1e-10);
        Assert.Equal(expected.GetProperty("n_exceed").GetInt32(), fit.Exceedances);
        Close(expected.GetProperty("xi"), fit.Tail.Shape, 1e-3);
        Close(expected.GetProperty("beta"), fit.Tail.Scale, 1e-3);
        Assert.True(fit.LogLikelihood >= -expected.GetProperty("nll").GetDouble() - 1e-6);
        Close(e.GetProperty("gpd_evd").GetProperty("shape"), fit.Tail.Shape, 1e-3);
        Close(e.GetProperty("gpd_evd").GetProperty("scale"), fit.Tail.Scale, 1e-3);
        // The two references' own errors differ by 1e-3 and 1e-2.
        Close(expected.GetProperty("se_xi"), fit.ShapeError, 5e-3);
        Assert.Equal(
            0.01 * e.GetProperty("gpd_evd").GetProperty("se_scale_pct_shape")[0].GetDouble(),
            fit.ScaleError,
            1.5e-5
        );
        Close(e.GetProperty("gpd_fExtremes_pwm").GetProperty("xi"), fit.MomentStart.Shape, 1e-6);
        Close(e.GetProperty("gpd_fExtremes_pwm").GetProperty("beta"), fit.MomentStart.Scale, 1e-6);
    }

    /// <summary>Tails without a mean (ξ ≥ 1) have a sample mean of any size; the search must not hang on it.</summary>
    [Theory]
    [InlineData(-0.2)]
    [InlineData(0.3)]
    [InlineData(1.2)]
    [InlineData(1.5)]
    [InlineData(1.9)]
    public void Every_shape_within_the_bounds_is_recovered(double shape)
    {
        const int count = 4_000;
        var truth = new GeneralizedPareto(shape, 0.02);
        for (ulong seed = 1; seed <= 5; seed++)
        {
            GeneralizedParetoFit fit = GeneralizedParetoFit.Over(Drawn(truth, count, seed), 0.0, "losses");
            // Standard errors (1 + ξ)/√n of ξ and β√(2(1 + ξ)/n) of β (Smith 1987); five of them.
            Assert.Equal(shape, fit.Tail.Shape, 5.0 * (1.0 + shape) / Math.Sqrt(count));
            Assert.Equal(truth.Scale, fit.Tail.Scale, 5.0 * truth.Scale * Math.Sqrt(2.0 * (1.0 + shape) / count));
            Assert.True(fit.LogLikelihood >= Drawn(truth, count, seed).Sum(truth.LogDensity) - 1e-6);
        }
    }

    [Fact]
    public void A_shape_beyond_the_bound_stops_there_and_says_so()
    {
        GeneralizedParetoFit fit = GeneralizedParetoFit.Over(
            Drawn(new GeneralizedPareto(3.0, 0.02), 2_000, 1),
            0.0,
            "losses"
        );
        Assert.True(fit.AtBound);
        Assert.Equal(2.0, fit.Tail.Shape, 1e-3);
        Assert.Null(fit.Covariance);
    }

    private static double[] Drawn(GeneralizedPareto tail, int count, ulong seed)
    {
        double[] drawn = new double[count];
        new PhiloxStream(seed).FillUniforms(drawn, 0, 0, DrawPurpose.SimulatedMarket);
        return [.. drawn.Select(tail.QuantileOfSurvival)];
    }

    [Fact]
    public void Value_at_risk_and_shortfall_agree_with_fExtremes()
    {
        double[] losses = RealSeries.Get().Losses("AAPL");
        double threshold = SemiParametricMargin.QuantileOf([.. losses.Order()], 0.95);
        GeneralizedParetoFit fit = GeneralizedParetoFit.Over(losses, threshold, "losses");
        JsonElement risk = RealSeries.Reference("evt_r", "AAPL", "gpd_risk");
        for (int i = 0; i < 3; i++)
        {
            TailRisk at = TailRisk.At(fit, risk.GetProperty("p")[i].GetDouble(), "level");
            Close(risk.GetProperty("quantile")[i], at.ValueAtRisk, 1e-3);
            Close(risk.GetProperty("shortfall")[i], at.ExpectedShortfall, 1e-3);
            Assert.InRange(at.ValueAtRiskError, 0.0, at.ValueAtRisk);
            Assert.InRange(at.ExpectedShortfallError, at.ValueAtRiskError, at.ExpectedShortfall);
        }
    }

    [Fact]
    public void Delta_method_gradient_of_VaR_and_ES_is_that_of_finite_differences()
    {
        var tail = new GeneralizedPareto(0.2, 0.015);
        (double shape, double scale)[] moved = [(1e-6, 0.0), (-1e-6, 0.0), (0.0, 1e-8), (0.0, -1e-8)];
        TailRisk[] values =
        [
            .. moved.Select(m =>
                TailRisk.At(Fit(new GeneralizedPareto(tail.Shape + m.shape, tail.Scale + m.scale), null), 0.999, "p")
            ),
        ];
        double[] byShape =
        [
            (values[0].ValueAtRisk - values[1].ValueAtRisk) / 2e-6,
            (values[0].ExpectedShortfall - values[1].ExpectedShortfall) / 2e-6,
        ];
        double[] byScale =
        [
            (values[2].ValueAtRisk - values[3].ValueAtRisk) / 2e-8,
            (values[2].ExpectedShortfall - values[3].ExpectedShortfall) / 2e-8,
        ];
        // With the rate's share of the variance taken out by a huge n, se² = Σ g_i² for a unit covariance.
        TailRisk at = TailRisk.At(Fit(tail, [1.0, 0.0, 0.0, 1.0]), 0.999, "p");
        Assert.Equal(Math.Sqrt(byShape[0] * byShape[0] + byScale[0] * byScale[0]), at.ValueAtRiskError, 1e-5);
        Assert.Equal(Math.Sqrt(byShape[1] * byShape[1] + byScale[1] * byScale[1]), at.ExpectedShortfallError, 1e-5);

        static GeneralizedParetoFit Fit(GeneralizedPareto tail, double[]? covariance) =>
            new(tail, 0.04, 2_000_000_000, 100_000_000, 0.0, covariance, tail, false);
    }

    [Fact]
    public void Forms_are_smooth_at_shape_zero()
    {
        foreach (double y in new[] { 0.1, 1.0, 5.0 })
        {
            double below = new GeneralizedPareto(-1e-7, 1.0).Survival(y);
            double at = new GeneralizedPareto(0.0, 1.0).Survival(y);
            double above = new GeneralizedPareto(1e-7, 1.0).Survival(y);
            Assert.Equal(Math.Exp(-y), at, 1e-14);
            // d/dξ of the survival is y²/2·e^−y at ξ = 0: both sides lie on that line.
            Assert.Equal(at + 0.5e-7 * y * y * at, above, 1e-13);
            Assert.Equal(at - 0.5e-7 * y * y * at, below, 1e-13);
        }
    }

    [Fact]
    public void Maximum_of_blocks_is_max_stable()
    {
        var monthly = new GeneralizedExtremeValue(0.03, 0.018, 0.22);
        GeneralizedExtremeValue yearly = monthly.OfMaximum(12);
        foreach (double x in new[] { 0.05, 0.1, 0.3 })
            Assert.Equal(Math.Pow(monthly.Cdf(x), 12), yearly.Cdf(x), 1e-13);
    }

    [Fact]
    public void Too_few_exceedances_are_refused_by_name()
    {
        double[] sample = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i))];
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            GeneralizedParetoFit.Over(sample, 0.999, "generator_spec.margins of EQUITY:A")
        );
        Assert.Equal(ErrorCodes.TooFewExceedances, refused.Errors[0].Code);
        Assert.Contains("at least 50", refused.Message, StringComparison.Ordinal);
        Assert.Equal("generator_spec.margins of EQUITY:A", refused.Errors[0].Field);
    }

    [Fact]
    public void Tied_exceedances_are_refused()
    {
        double[] sample = [.. Enumerable.Range(0, 1000).Select(i => i < 900 ? -0.01 * (i % 7) : 0.01 * (i % 5 + 1))];
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            GeneralizedParetoFit.Over(sample, 0.005, "x")
        );
        Assert.Equal(ErrorCodes.BadData, refused.Errors[0].Code);
        Assert.Contains("different values", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_inside_the_body_is_refused()
    {
        double[] losses = [.. Enumerable.Range(1, 2000).Select(i => -Math.Log(i / 2001.0))];
        GeneralizedParetoFit fit = GeneralizedParetoFit.Over(losses, 2.0, "x");
        Assert.Equal(
            ErrorCodes.OutOfRange,
            Assert.Throws<ScenarioRefusedException>(() => TailRisk.At(fit, 0.5, "level")).Errors[0].Code
        );
    }

    [Fact]
    public void Observed_information_of_a_parabola_is_exact()
    {
        // −ln L of N(μ, 1) with n = 40: variance 1/40.
        double[] covariance = ObservedInformation.Covariance(p => 20.0 * (p[0] - 3.0) * (p[0] - 3.0), [3.0], [0.1])!;
        Assert.Equal(1.0 / 40.0, covariance[0], 1e-10);
    }

    private static void Close(JsonElement expected, double actual, double relative) =>
        Assert.Equal(expected.GetDouble(), actual, relative * Math.Abs(expected.GetDouble()));
}
