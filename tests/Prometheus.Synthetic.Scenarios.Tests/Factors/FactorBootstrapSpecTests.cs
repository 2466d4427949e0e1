using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

/// <summary>The parser and the published schema say the same.</summary>
public sealed class FactorBootstrapSpecTests
{
    private static readonly string SchemaFile = Repository.PathOf(
        "contracts/schemas/specs/factor-bootstrap.schema.json"
    );

    public static TheoryData<string> Good { get; } =
    [
        "{}",
        """{"factor_model_id":"US_EQ_FM_1","factors":["MKT","SMB"],"macro_ids":["DGS10"],"return_floor":-0.5,"return_cap":1}""",
        """{"factor_model":{"shrinkage":"ledoit_wolf","missing_exposure":"drop","sampling":{"method":"student_t","degrees_of_freedom":4.5}}}""",
        """{"macro_ids":["DGS10"],"factor_model":{"macro_as_factors":true,"sampling":{"method":"historical","scheme":"moving","block_length":5}}}""",
        """{"residuals":{"scale":1.5,"sampling":{"method":"rows","block_length":7.5}}}""",
        """{"residuals":{"sampling":{"method":"student_t"}},"shock_scaling":-2.5}""",
        """{"shock_scaling":{"MKT":2,"DGS10":3},"correlation":{"theta":0.5,"constant":0.8}}""",
        """{"correlation":{"blocks":[{"ids":["MKT","SMB"]},{"ids":["VAL"]}],"within":0.9,"between":-0.1}}""",
        """{"correlation":{"entries":[{"a":"MKT","b":"VAL","value":-0.9}]}}""",
        """{"factor_model":{"sampling":{"method":"copula","margins":{"kind":"gpd","tail_fraction":0.05},"copula":{"family":"student_t"}}}}""",
        """{"factor_model":{"sampling":{"method":"copula","copula":{"family":"vine","families":["student_t","joe"],"truncation":2,"condition":{"values":{"MKT":-0.07},"to_step":3}}}}}""",
        """{"residuals":{"sampling":{"method":"margins","margins":{"kind":"student_t"}}}}""",
        """{"factor_model":{"sampling":{"method":"copula","margins":{"goodness_of_fit_replicates":200},"copula":{"goodness_of_fit_replicates":1000}}}}""",
    ];

    /// <summary>Spec, and the field the parser must name.</summary>
    public static TheoryData<string, string, string> Bad { get; } =
        new()
        {
            { """{"factor_modle":{}}""", "factor_modle", ErrorCodes.UnknownKey },
            { """{"factors":[]}""", "factors", ErrorCodes.OutOfRange },
            { """{"factors":"MKT"}""", "factors", ErrorCodes.WrongType },
            {
                """{"factor_model":{"sampling":{"method":"gaussian"}}}""",
                "factor_model.sampling.method",
                ErrorCodes.UnknownValue
            },
            {
                """{"factor_model":{"sampling":{"blocklength":5}}}""",
                "factor_model.sampling.blocklength",
                ErrorCodes.UnknownKey
            },
            {
                """{"factor_model":{"sampling":{"method":"student_t","degrees_of_freedom":2}}}""",
                "factor_model.sampling.degrees_of_freedom",
                ErrorCodes.OutOfRange
            },
            {
                """{"factor_model":{"missing_exposure":"ignore"}}""",
                "factor_model.missing_exposure",
                ErrorCodes.UnknownValue
            },
            {
                """{"residuals":{"sampling":{"method":"rows","block_length":0}}}""",
                "residuals.sampling.block_length",
                ErrorCodes.OutOfRange
            },
            { """{"residuals":{"scale":-1}}""", "residuals.scale", ErrorCodes.OutOfRange },
            { """{"residuals":[1]}""", "residuals", ErrorCodes.WrongType },
            { """{"shock_scaling":21}""", "shock_scaling", ErrorCodes.OutOfRange },
            { """{"shock_scaling":{"MKT":"big"}}""", "shock_scaling.MKT", ErrorCodes.OutOfRange },
            { """{"correlation":{"theta":1.5,"constant":0}}""", "correlation.theta", ErrorCodes.OutOfRange },
            {
                """{"correlation":{"entries":[{"a":"MKT","b":"SMB"}]}}""",
                "correlation.entries[0].value",
                ErrorCodes.Missing
            },
            { """{"correlation":{"blocks":[{"ids":[]}]}}""", "correlation.blocks[0].ids", ErrorCodes.Missing },
            { """{"return_floor":-1}""", "return_floor", ErrorCodes.OutOfRange },
            {
                """{"factor_model":{"sampling":{"method":"copula","copula":{"family":"t"}}}}""",
                "factor_model.sampling.copula.family",
                ErrorCodes.UnknownValue
            },
            {
                """{"residuals":{"sampling":{"method":"margins","margins":{"goodness_of_fit_replicates":1001}}}}""",
                "residuals.sampling.margins.goodness_of_fit_replicates",
                ErrorCodes.OutOfRange
            },
            {
                """{"residuals":{"sampling":{"method":"margins","margins":{"tail_fraction":0.4}}}}""",
                "residuals.sampling.margins.tail_fraction",
                ErrorCodes.OutOfRange
            },
        };

    /// <summary>What a schema cannot say: the parser refuses it, the schema lets it through.</summary>
    public static TheoryData<string, string, string> BadTogether { get; } =
        new()
        {
            { """{"factors":["MKT","MKT"]}""", "factors", ErrorCodes.Conflict },
            {
                """{"factor_model":{"sampling":{"method":"copula","copula":{"goodness_of_fit_replicates":50}}}}""",
                "factor_model.sampling.copula.goodness_of_fit_replicates",
                ErrorCodes.OutOfRange
            },
            { """{"factor_model":{"macro_as_factors":true}}""", "factor_model.macro_as_factors", ErrorCodes.Missing },
            {
                """{"factor_model_id":"FM","macro_ids":["X"],"factor_model":{"macro_as_factors":true}}""",
                "factor_model.macro_as_factors",
                ErrorCodes.Conflict
            },
            {
                """{"factor_model":{"sampling":{"scheme":"moving","block_length":2.5}}}""",
                "factor_model.sampling.block_length",
                ErrorCodes.WrongType
            },
            {
                """{"factor_model":{"sampling":{"method":"normal","block_length":5}}}""",
                "factor_model.sampling.block_length",
                ErrorCodes.UnknownKey
            },
            { """{"correlation":{}}""", "correlation.constant", ErrorCodes.Missing },
            { """{"correlation":{"constant":0,"entries":[]}}""", "correlation.entries", ErrorCodes.Conflict },
            { """{"correlation":{"constant":0,"within":0.5}}""", "correlation.within", ErrorCodes.Conflict },
            {
                """{"correlation":{"entries":[{"a":"MKT","b":"MKT","value":0}]}}""",
                "correlation.entries[0].b",
                ErrorCodes.Conflict
            },
            {
                """{"correlation":{"blocks":[{"ids":["MKT"]},{"ids":["MKT"]}]}}""",
                "correlation.blocks[1].ids",
                ErrorCodes.Conflict
            },
        };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Good_specs_pass_both(string spec)
    {
        Assert.NotNull(Parse(spec));
        Assert.Empty(
            (await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken)).Validate(spec)
        );
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Bad_specs_fail_both(string spec, string field, string code)
    {
        Refused(spec, field, code);
        Assert.NotEmpty(
            (await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken)).Validate(spec)
        );
    }

    [Theory]
    [MemberData(nameof(BadTogether))]
    public void Parts_that_do_not_go_together_are_refused(string spec, string field, string code) =>
        Refused(spec, field, code);

    [Fact]
    public void All_errors_come_at_once_and_a_misspelt_key_has_a_suggestion()
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            Parse("""{"shock_scalling":2,"return_cap":0,"residuals":{"sampling":{"method":"row"}}}""")
        );
        Assert.Equal(3, refused.Errors.Count);
        Assert.Contains("did you mean 'shock_scaling'?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'rows'?", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The keys that the parser knows at each level are the properties of the schema there.</summary>
    [Theory]
    [InlineData("", """{"zzz":0}""")]
    [InlineData("factor_model", """{"factor_model":{"zzz":0}}""")]
    [InlineData("residuals", """{"residuals":{"zzz":0}}""")]
    [InlineData("correlation", """{"correlation":{"constant":0,"zzz":0}}""")]
    public void Keys_are_the_schema_s(string level, string spec)
    {
        JsonNode node = JsonNode.Parse(File.ReadAllText(SchemaFile))!;
        if (level.Length > 0)
            node = node["properties"]![level]!;
        string[] published =
        [
            .. node["properties"]!
                .AsObject()
                .Select(p => p.Key)
                .Where(k => k is not "seed" and not "severity_checks")
                .Order(StringComparer.Ordinal),
        ];
        string message = Assert
            .Throws<ScenarioRefusedException>(() => Parse(spec))
            .Errors.Single(e => e.Field.EndsWith("zzz", StringComparison.Ordinal))
            .Message;
        Assert.Contains($"known keys: {string.Join(", ", published)}", message, StringComparison.Ordinal);
    }

    private static FactorBootstrapSpec Parse(string spec) =>
        FactorBootstrapSpec.Parse(JsonSerializer.Deserialize<JsonElement>(spec));

    private static void Refused(string spec, string field, string code)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() => Parse(spec));
        Assert.Contains(refused.Errors, e => e.Field == $"generator_spec.{field}" && e.Code == code);
    }
}
