using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>Data that cannot carry a request: refused by name, with the number needed; or degraded as stated.</summary>
public sealed class FactorBootstrapRefusalTests
{
    private static readonly GenerationShape Shape = new(10, 5, 1);

    [Fact]
    public void A_missing_exposure_names_the_instrument_and_the_factor()
    {
        FieldError error = Refused(
            KnownMarket.Create().WithExposures((i, f) => i == 4 && f == 2),
            """{"factor_model_id":"FM_1"}"""
        );
        Assert.Equal((ErrorCodes.MissingExposure, "EQUITY:S004"), (error.Code, error.Field));
        Assert.Contains("VAL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_exposures_are_all_named_at_once()
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            KnownMarket.Create().WithExposures((i, _) => i is 1 or 7).Generator("""{"factor_model_id":"FM_1"}""", Shape)
        );
        Assert.Equal(["EQUITY:S001", "EQUITY:S007"], refused.Errors.Select(e => e.Field));
    }

    [Theory]
    [InlineData("estimate", 12)]
    [InlineData("zero", 12)]
    [InlineData("drop", 11)]
    public void Missing_exposures_degrade_as_asked_and_the_report_says_whose(string policy, int instruments)
    {
        IPathGenerator generator = KnownMarket
            .Create(days: 5_000)
            .WithExposures((i, f) => i == 4 && f == 2)
            .Generator($$"""{"factor_model_id":"FM_1","factor_model":{"missing_exposure":"{{policy}}"} }""", Shape);
        Assert.Equal(instruments, generator.Drivers.Count(d => d.Kind == DriverKind.Instrument));
        Assert.Equal(policy == "drop", generator.Drivers.All(d => d.Id != "EQUITY:S004"));
        Assert.Equal(
            ["EQUITY:S004"],
            generator.Report["factor_model"]!["missing_exposure"]!["instruments"]!
                .AsArray()
                .Select(n => n!.GetValue<string>())
        );
        double[][] exposures = new ReportedModel(generator).Exposures;
        // Registered exposures are taken to the last bit.
        Assert.Equal(KnownMarket.Beta(3, 1), exposures[3][1]);
        if (policy == "zero")
            Assert.Equal([KnownMarket.Beta(4, 0), KnownMarket.Beta(4, 1), 0.0], exposures[4]);
        // Estimated over 5,000 days with a residual of 0.012 against factors of 0.005: standard error 0.04.
        if (policy == "estimate")
            Assert.All(Enumerable.Range(0, 3), f => Assert.Equal(KnownMarket.Beta(4, f), exposures[4][f], 0.2));
        if (policy == "drop")
            Assert.Equal(KnownMarket.Beta(5, 0), exposures[4][0]);
    }

    [Fact]
    public void Dropping_everything_is_refused() =>
        Assert.Equal(
            ErrorCodes.MissingExposure,
            Refused(
                KnownMarket.Create().WithExposures((_, f) => f == 0),
                """{"factor_model_id":"FM_1","factors":["MKT","SMB","VAL"],"factor_model":{"missing_exposure":"drop"}}"""
            ).Code
        );

    [Fact]
    public void A_factor_nobody_is_exposed_to_is_not_of_the_model()
    {
        IPathGenerator generator = KnownMarket
            .Create()
            .WithExposures((_, f) => f == 1)
            .Generator("""{"factor_model_id":"FM_1"}""", Shape);
        Assert.Equal(["MKT", "VAL"], generator.Drivers.Where(d => d.Kind == DriverKind.Factor).Select(d => d.Id));
        Assert.Equal("""["SMB"]""", generator.Report["factor_model"]!["factors_without_exposures"]!.ToJsonString());
    }

    [Fact]
    public void A_model_without_exposures_in_the_data_is_refused() =>
        Assert.Equal(
            (ErrorCodes.MissingExposure, "generator_spec.factor_model_id"),
            At(Refused(KnownMarket.Create(), """{"factor_model_id":"FM_1"}"""))
        );

    [Theory]
    [InlineData("{}")] // the regression needs the inverse
    [InlineData("""{"factor_model":{"sampling":{"method":"normal"}}}""")]
    public void A_factor_that_is_the_sum_of_two_others_is_named(string spec)
    {
        FieldError error = Refused(Changed((_, day) => day[14] = day[12] + day[13]), spec);
        Assert.Equal((ErrorCodes.SingularCovariance, "generator_spec.factors"), At(error));
        Assert.Contains("VAL is a linear combination of MKT, SMB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_singular_correlation_cannot_be_exchanged_but_a_shrunk_one_can()
    {
        CalibrationSnapshot singular = Changed((_, day) => day[14] = day[12] + day[13]).WithExposures();
        const string spec = """{"factor_model_id":"FM_1","correlation":{"constant":0.5}}""";
        Assert.Equal((ErrorCodes.SingularCovariance, "generator_spec.correlation"), At(Refused(singular, spec)));
        Assert.NotNull(
            singular.Generator(spec.Replace("}}", """},"factor_model":{"shrinkage":"ledoit_wolf"}}"""), Shape)
        );
    }

    [Theory]
    [InlineData(5, "EQUITY:S005")]
    [InlineData(13, "SMB")]
    [InlineData(15, "DGS10")]
    public void A_constant_series_is_named(int column, string id) =>
        Assert.Equal((ErrorCodes.ConstantSeries, id), At(Refused(Changed((_, day) => day[column] = 0.001), "{}")));

    [Fact]
    public void A_pool_too_small_says_how_small_and_what_is_needed()
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 210).WithRegimes(crisisDays: 2);
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            history.Generator("{}", Shape, "CRISIS")
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.PoolTooSmall, "regime_filter"), At(error));
        Assert.Contains("all 210 days; regime_filter leaves 20", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Regimes_that_are_not_known_are_refused() =>
        Assert.Equal(
            (ErrorCodes.NotFound, "regime_filter"),
            At(
                Assert.Single(
                    Assert
                        .Throws<ScenarioRefusedException>(() => KnownMarket.Create().Generator("{}", Shape, "CRISIS"))
                        .Errors
                )
            )
        );

    [Fact]
    public void Too_short_a_history_is_refused() =>
        Assert.Equal(ErrorCodes.TooLittleHistory, Refused(KnownMarket.Create(days: 29), "{}").Code);

    [Theory]
    [InlineData(
        """{"factor_model":{"sampling":{"block_length":300}}}""",
        "generator_spec.factor_model.sampling.block_length"
    )]
    [InlineData(
        """{"residuals":{"sampling":{"method":"rows","block_length":300}}}""",
        "generator_spec.residuals.sampling.block_length"
    )]
    public void A_block_longer_than_the_history_is_refused(string spec, string field) =>
        Assert.Equal((ErrorCodes.BlockTooLong, field), At(Refused(KnownMarket.Create(days: 200), spec)));

    [Theory]
    [InlineData("""{"shock_scaling":{"MKTT":2}}""", "generator_spec.shock_scaling.MKTT")]
    [InlineData(
        """{"correlation":{"entries":[{"a":"MKT","b":"VALL","value":0.5}]}}""",
        "generator_spec.correlation.entries[0].b"
    )]
    [InlineData("""{"correlation":{"blocks":[{"ids":["MKT","SMBB"]}]}}""", "generator_spec.correlation.blocks[0].ids")]
    public void An_id_that_is_not_drawn_is_named_with_the_nearest(string spec, string field)
    {
        FieldError error = Refused(KnownMarket.Create(), spec);
        Assert.Equal((ErrorCodes.UnknownValue, field), At(error));
        Assert.Contains("did you mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_factors_in_the_data_are_refused()
    {
        CalibrationSnapshot history = KnownMarket.Create(macro: false);
        int width = history.Panel.Width;
        double[] values = [.. history.Panel.Values.ToArray().Where((_, at) => at % width < 12)];
        CalibrationSnapshot bare = history with
        {
            Panel = new ShockPanel([.. history.Panel.Drivers.Take(12)], history.Panel.Dates, values),
        };
        Assert.Equal((ErrorCodes.NotFound, "generator_spec.factors"), At(Refused(bare, "{}")));
    }

    private delegate void Change(int t, Span<double> day);

    private static CalibrationSnapshot Changed(Change change)
    {
        CalibrationSnapshot history = KnownMarket.Create(days: 300);
        double[] values = history.Panel.Values.ToArray();
        for (int t = 0; t < history.Panel.Days; t++)
            change(t, values.AsSpan(t * history.Panel.Width, history.Panel.Width));
        return history with { Panel = new ShockPanel(history.Panel.Drivers, history.Panel.Dates, values) };
    }

    private static (string, string) At(FieldError error) => (error.Code, error.Field);

    private static FieldError Refused(CalibrationSnapshot history, string spec) =>
        Assert.Single(Assert.Throws<ScenarioRefusedException>(() => history.Generator(spec, Shape)).Errors);
}
