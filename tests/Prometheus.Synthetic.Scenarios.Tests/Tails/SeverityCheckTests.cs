using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;
using Prometheus.Synthetic.Scenarios.Tails.Severity;
using Prometheus.Synthetic.Scenarios.Tests.Factors;

namespace Prometheus.Synthetic.Scenarios.Tests.Tails;

public sealed class SeverityCheckTests
{
    [Theory]
    [InlineData(0.33, "pass")]
    [InlineData(0.80, "lighter")]
    [InlineData(-0.20, "heavier")]
    public void A_tail_index_is_held_against_the_set(double shape, string verdict)
    {
        // Student-t with three degrees of freedom: ξ = 1/3.
        double[] set = Student(3, 40_000);
        SeverityResult result = new TailIndexCheck("X", Lower: true, null, shape, 0.03, 0.1).Evaluate(set, 20);
        Assert.Equal(verdict, result.Verdict);
    }

    [Theory]
    [InlineData(1.0, "pass")]
    [InlineData(2.0, "lighter")]
    [InlineData(0.5, "heavier")]
    public void A_fit_of_block_maxima_is_held_against_the_set(double factor, string verdict)
    {
        // The external fit is of maxima of 63 steps, the paths have 21: carried over by max-stability.
        double[] other = [.. Student(3, 63 * 2_000, path: 9).Select(x => -x)];
        GeneralizedExtremeValue fit = GeneralizedExtremeValueFit
            .Of(GeneralizedExtremeValueFit.BlockMaxima(other, 63), "maxima")
            .Distribution;
        var scaled = new GeneralizedExtremeValue(factor * fit.Location, factor * fit.Scale, fit.Shape);
        SeverityResult result = new GevCheck("X", Lower: true, null, scaled, 63).Evaluate(Student(3, 21 * 2_000), 21);
        Assert.Equal(verdict, result.Verdict);
    }

    [Fact]
    public void A_set_too_small_to_judge_is_undecided() =>
        Assert.Equal("undecided", new TailIndexCheck("X", true, null, 0.3, 0.0, 0.1).Evaluate([0.01, 0.02], 2).Verdict);

    [Fact]
    public void The_verdict_ends_in_the_report_of_the_set()
    {
        var shape = new GenerationShape(400, 10, 3);
        IPathGenerator generator = KnownMarket
            .Create()
            .Generator(
                """{"factor_model":{"sampling":{"method":"normal"}},"severity_checks":[{"id":"MKT","shape":0.6,"source":"Hill, 2024"},{"id":"EQUITY:S001","kind":"gev","location":0.02,"scale":0.005,"shape":0.1,"block_days":21}]}""",
                shape
            );
        JsonArray checks = generator.Report["severity_checks"]!.AsArray();
        // Normal factors have no power tail: lighter than the figure, and the report says by how much.
        Assert.Equal("lighter", checks[0]!["verdict"]!.GetValue<string>());
        Assert.Equal("Hill, 2024", checks[0]!["source"]!.GetValue<string>());
        Assert.True(checks[0]!["observed_shape"]!.GetValue<double>() < 0.3);
        Assert.Equal(400, checks[0]!["paths_examined"]!.GetValue<int>());
        Assert.Equal("gev", checks[1]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public void An_unknown_driver_is_refused_with_the_nearest()
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            KnownMarket
                .Create()
                .Generator("""{"severity_checks":[{"id":"MKTT","shape":0.3}]}""", new GenerationShape(5, 5, 1))
        );
        Assert.Equal("generator_spec.severity_checks[0].id", refused.Errors[0].Field);
        Assert.Contains("MKT", refused.Message, StringComparison.Ordinal);
    }

    private static double[] Student(double nu, int count, int path = 0)
    {
        var stream = new PhiloxStream(8);
        var t = new Prometheus.Synthetic.Scenarios.Numerics.StudentT(nu);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => 0.01 * t.QuantileOfScore(stream.Normal(path, i, DrawPurpose.Margin))),
        ];
    }
}
