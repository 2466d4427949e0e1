using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>Correlation perturbation, on history where it is exact and on parametric draws where it is so on average.</summary>
public sealed class FactorStressTests
{
    private static readonly GenerationShape Shape = new(2_000, 20, 815);

    public static TheoryData<string, double, double, double> Targets { get; } =
        new()
        {
            // spec, expected correlations of MKT–SMB, MKT–VAL, SMB–VAL as far as the target fixes them
            { """{"constant":0.8}""", 0.8, 0.8, 0.8 },
            { """{"constant":0}""", 0.0, 0.0, 0.0 },
            { """{"blocks":[{"ids":["MKT","SMB"]}],"within":0.9,"between":0}""", 0.9, 0.0, 0.0 },
            {
                """{"entries":[{"a":"SMB","b":"MKT","value":-0.5},{"a":"VAL","b":"MKT","value":0.1},{"a":"VAL","b":"SMB","value":0.2}]}""",
                -0.5,
                0.1,
                0.2
            },
            // Higham's published example, whose target is no correlation matrix.
            {
                """{"entries":[{"a":"MKT","b":"SMB","value":1},{"a":"MKT","b":"VAL","value":0},{"a":"SMB","b":"VAL","value":1}]}""",
                0.7606899,
                0.1572981,
                0.7606899
            },
        };

    /// <summary>
    /// Every historical day drawn as often as any other would have exactly R*; the report's matrix is checked to rounding
    /// (the published figures to their digits), the draws to five standard errors.
    /// </summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public void Draws_have_the_correlation_asked_for(string target, double ms, double mv, double sv)
    {
        CalibrationSnapshot history = KnownMarket.Create(macro: false);
        IPathGenerator generator = history.Generator(
            $$"""{"factor_model":{"sampling":{"block_length":1} },"correlation":{{target}} }""",
            Shape
        );
        JsonObject report = generator.Report["stress"]!["correlation"]!.AsObject();
        double[][] after = Matrix(report["after"]!);
        Assert.Equal(ms, after[0][1], 5e-8);
        Assert.Equal(mv, after[0][2], 5e-8);
        Assert.Equal(sv, after[1][2], 5e-8);
        double[][] before = Matrix(report["before"]!);
        double norm = Math.Sqrt(before.Zip(after, (b, a) => b.Zip(a, (x, y) => (x - y) * (x - y)).Sum()).Sum());
        Assert.Equal(norm, report["change_norm"]!.GetValue<double>(), 1e-12);

        var drawn = new Sample(generator.Set(Shape), 15);
        var past = new Sample(history.Panel.Values.ToArray(), 15);
        foreach ((int a, int b, double expected) in new[] { (12, 13, ms), (12, 14, mv), (13, 14, sv) })
            Assert.Equal(expected, drawn.Correlation(a, b), 5.0 / Math.Sqrt(drawn.Days));
        for (int k = 12; k < 15; k++)
        {
            // Means and standard deviations of the factors stay.
            Assert.Equal(past.Covariance[k * 16], drawn.Covariance[k * 16], 5.0 * drawn.CovarianceError(k, k));
            Assert.Equal(past.Means[k], drawn.Means[k], 5.0 * Math.Sqrt(drawn.Covariance[k * 16] / drawn.Days));
        }
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("student_t")]
    public void Parametric_draws_have_it_too(string method)
    {
        IPathGenerator generator = KnownMarket
            .Create(macro: false)
            .Generator(
                $$"""{"factor_model":{"sampling":{"method":"{{method}}"} },"correlation":{"constant":0.6} }""",
                Shape
            );
        var drawn = new Sample(generator.Set(Shape), 15);
        // A correlation of t(5) columns has (ν−2)/(ν−4) = 3 times the variance of normal ones.
        double error = Math.Sqrt((method == "normal" ? 1.0 : 3.0) / drawn.Days);
        Assert.Equal(0.6, drawn.Correlation(12, 13), 5.0 * error);
        Assert.Equal(0.6, drawn.Correlation(12, 14), 5.0 * error);
        Assert.Equal(0.6, drawn.Correlation(13, 14), 5.0 * error);
    }

    [Fact]
    public void Theta_blends_between_history_and_the_target()
    {
        CalibrationSnapshot history = KnownMarket.Create(macro: false);
        double[][] none = After(history, """{"theta":0,"constant":0.9}""");
        double[][] half = After(history, """{"theta":0.5,"constant":0.9}""");
        double[][] whole = After(history, """{"theta":1,"constant":0.9}""");
        var past = new Sample(history.Panel.Values.ToArray(), 15);
        for (int a = 0; a < 3; a++)
        {
            for (int b = 0; b < 3; b++)
            {
                Assert.Equal(past.Correlation(12 + a, 12 + b), none[a][b], 1e-13);
                Assert.Equal(0.5 * (none[a][b] + whole[a][b]), half[a][b], 1e-13);
            }
        }
    }

    /// <summary>Instruments follow: with all factors at one correlation the market's crashes reach everybody.</summary>
    [Fact]
    public void Instruments_take_their_covariance_from_the_stressed_factors()
    {
        CalibrationSnapshot history = KnownMarket.Create(macro: false);
        IPathGenerator generator = history.Generator(
            """{"factor_model":{"sampling":{"method":"normal"}},"residuals":{"sampling":{"method":"normal"}},"shock_scaling":2,"correlation":{"constant":0.9}}""",
            Shape
        );
        var model = new ReportedModel(generator);
        var drawn = new Sample(generator.Set(Shape), 15);
        for (int i = 0; i < 12; i += 5)
        {
            for (int j = 0; j < i; j++)
            {
                // Residuals are independent, so cov = b_iᵀ·Σ_f*·b_j with the drawn Σ_f*; what is left is the sampling
                // error of the residual cross terms.
                double expected = 0.0;
                for (int a = 0; a < 3; a++)
                {
                    for (int b = 0; b < 3; b++)
                        expected +=
                            model.Exposures[i][a] * drawn.Covariance[(12 + a) * 15 + 12 + b] * model.Exposures[j][b];
                }

                Assert.Equal(expected, drawn.Covariance[i * 15 + j], 5.0 * drawn.CovarianceError(i, j));
            }
        }
    }

    [Fact]
    public void A_short_sample_is_shrunk_and_says_so()
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 45);
        IPathGenerator automatic = history.Generator("{}", Shape);
        IPathGenerator plain = history.Generator("""{"factor_model":{"shrinkage":"none"}}""", Shape);
        double intensity = automatic.Report["factor_model"]!["shrinkage_intensity"]!.GetValue<double>();
        Assert.InRange(intensity, 0.01, 1.0);
        Assert.Equal(0.0, plain.Report["factor_model"]!["shrinkage_intensity"]!.GetValue<double>());
        Assert.Equal(
            0.0,
            KnownMarket.Create().Generator("{}", Shape).Report["factor_model"]![
                "shrinkage_intensity"
            ]!.GetValue<double>()
        );
        Assert.NotEqual(new ReportedModel(automatic).Exposures[0][0], new ReportedModel(plain).Exposures[0][0]);
    }

    private static double[][] After(CalibrationSnapshot history, string target) =>
        Matrix(
            history.Generator($$"""{"correlation":{{target}} }""", Shape).Report["stress"]!["correlation"]!["after"]!
        );

    private static double[][] Matrix(JsonNode node) =>
        [.. node.AsArray().Select(r => r!.AsArray().Select(v => v!.GetValue<double>()).ToArray())];
}
