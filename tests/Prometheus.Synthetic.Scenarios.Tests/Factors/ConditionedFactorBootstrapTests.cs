using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Spectra;
using Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>Which days a factor bootstrap draws from, and on which its blocks start.</summary>
public sealed class ConditionedFactorBootstrapTests
{
    private static readonly PhiloxStream Stream = new(31);
    private static readonly Driver[] Drivers =
    [
        .. GivenSet.Instruments(2),
        new(DriverKind.Factor, "MKT", Driver.SimpleReturn, null),
    ];
    private static readonly CalibrationSnapshot Market = GivenSet.History(
        Drivers,
        800,
        (t, k) =>
        {
            double factor = 0.01 * Stream.Normal(0, t, DrawPurpose.FactorInnovation);
            return k == 2 ? factor : factor + 0.005 * Stream.Normal(0, t, DrawPurpose.Residual, (uint)k);
        }
    );

    private static IPathGenerator Calibrate(string spec) =>
        new FactorBootstrapFamily().Calibrate(
            Market,
            new FactorBootstrapFamily().ParseSpec(JsonSerializer.Deserialize<JsonElement>(spec)),
            new GenerationShape(200, 32, 5),
            null
        );

    /// <summary>A block as long as the path: each path's factor is one window of history, and of the class asked for.</summary>
    [Theory]
    [InlineData("TREND_DOMINATED", WindowClass.TrendDominated)]
    [InlineData("CHOPPY", WindowClass.Choppy)]
    public void Blocks_start_on_days_of_the_class(string name, WindowClass expected)
    {
        IPathGenerator generator = Calibrate(
            $$$"""
            {"factor_model":{"sampling":{"scheme":"circular","block_length":32}},
             "spectral_condition":{"window_days":32,"classes":["{{{name}}}"],"driver":"MKT"}}
            """
        );
        int width = generator.Drivers.Count;
        int market = generator.Drivers.ToList().FindIndex(d => d.Id == "MKT");
        var classifier = new WindowClassifier(32);
        double[] path = new double[32 * width];
        for (int p = 0; p < 200; p++)
        {
            generator.Generate(p, path);
            double[] factor = [.. Enumerable.Range(0, 32).Select(h => path[h * width + market])];
            Assert.Equal(expected, classifier.Score(factor).Class);
        }
    }

    [Fact]
    public void Date_ranges_restrict_the_days_that_are_drawn()
    {
        IPathGenerator generator = Calibrate("""{"date_ranges":[{"start":"2010-06-01","end":"2010-09-30"}]}""");
        for (int p = 0; p < 200; p++)
            Assert.All(
                generator.Describe(p)!.SourceDates!,
                d => Assert.InRange(d, new DateOnly(2010, 6, 1), new DateOnly(2010, 9, 30))
            );
    }

    [Fact]
    public void A_condition_on_blocks_without_blocks_is_refused()
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            new FactorBootstrapFamily().ParseSpec(
                JsonSerializer.Deserialize<JsonElement>(
                    """
                    {"factor_model":{"sampling":{"method":"normal"}},
                     "spectral_condition":{"classes":["CHOPPY"],"driver":"MKT"}}
                    """
                )
            )
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.Conflict, "generator_spec.spectral_condition"), (error.Code, error.Field));
    }

    /// <summary>One percent of the days with a window before them is seven; ten are needed.</summary>
    [Fact]
    public void Too_few_days_to_start_on_are_refused_with_their_number()
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            Calibrate("""{"spectral_condition":{"nearest_share":0.01,"driver":"MKT"}}""")
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.PoolTooSmall, "generator_spec.spectral_condition"), (error.Code, error.Field));
        Assert.Contains("leaves 7", error.Message, StringComparison.Ordinal);
    }
}
