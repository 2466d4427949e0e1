using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>Hundreds of names get their dependence from the factors; a copula over all of them at once is refused.</summary>
public sealed class FiveHundredNamesTests
{
    private const int Names = 500;
    private const double Fall = -0.04;

    private static readonly CalibrationSnapshot Market = KnownMarket.Create(1_000, Names, macro: false);

    /// <summary>
    /// The market factor falls by 4 % on day 1; SMB and VAL follow by their conditional means (correlations 0.3 and −0.2),
    /// and each of 500 names by its exposures. Names have tails of their own beside.
    /// </summary>
    [Fact]
    public void A_vine_on_the_factors_moves_five_hundred_names_jointly()
    {
        var shape = new GenerationShape(300, 2, 12);
        IPathGenerator generator = Market.Generator(
            """
            {"factor_model":{"sampling":{"method":"copula","margins":{"kind":"normal"},
               "copula":{"family":"vine","families":["gaussian"],"condition":{"values":{"MKT":-0.04}}}}},
             "residuals":{"sampling":{"method":"margins","margins":{"kind":"gpd"}}}}
            """,
            shape
        );
        Assert.Equal(Names + 3, generator.Drivers.Count);
        double[] set = generator.Set(shape);
        Assert.All(set, x => Assert.True(double.IsFinite(x)));
        double[] fall =
        [
            Fall,
            0.3 * KnownMarket.FactorVolatility[1] / KnownMarket.FactorVolatility[0] * Fall,
            -0.2 * KnownMarket.FactorVolatility[2] / KnownMarket.FactorVolatility[0] * Fall,
        ];
        for (int i = 0; i < Names; i++)
        {
            double mean = 0.0;
            for (int p = 0; p < shape.NumPaths; p++)
                mean += set[p * 2 * generator.Drivers.Count + i] / shape.NumPaths;
            double expected = 0.0;
            for (int f = 0; f < 3; f++)
                expected += KnownMarket.Beta(i, f) * fall[f];
            // 300 paths: residuals 0.013/√300, the other factors' 0.007·0.5/√300; estimated correlations and exposures of
            // 1,000 days add 0.03 · 0.007 · 3.6 · 0.5 and 0.013/0.011/√1000 · 0.04: together 0.0018; 4.5 of them for 500 names.
            Assert.Equal(expected, mean, 0.008);
        }
    }

    [Fact]
    public void A_copula_over_five_hundred_residuals_is_refused_and_says_where_to_put_it()
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            Market.Generator("""{"residuals":{"sampling":{"method":"copula"}}}""", new GenerationShape(5, 5, 1))
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal(ErrorCodes.OverLimit, error.Code);
        Assert.StartsWith("generator_spec.residuals.sampling.copula", error.Field, StringComparison.Ordinal);
        Assert.Contains("500", error.Message, StringComparison.Ordinal);
        Assert.Contains("factors", error.Message, StringComparison.Ordinal);
    }
}
