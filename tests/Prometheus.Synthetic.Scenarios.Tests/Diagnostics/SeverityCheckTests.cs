using System.Text.Json;
using NJsonSchema;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

public sealed class SeverityCheckTests
{
    private static readonly string Schema = Repository.PathOf("contracts/schemas/specs/block-bootstrap.schema.json");

    public static TheoryData<string> Good { get; } =
    [
        """{"id":"MKT","shape":0.3}""",
        """{"id":"MKT","shape":-1,"standard_error":0.05,"tolerance":0,"tail":"upper","source":"desk"}""",
        """{"id":"MKT","kind":"gev","tail":"upper","location":0.03,"scale":0.01,"shape":0.2,"block_days":63}""",
    ];

    public static TheoryData<string, string, string> Bad { get; } =
        new()
        {
            { """{"id":"MKT"}""", "shape", ErrorCodes.Missing },
            { """{"shape":0.3}""", "id", ErrorCodes.Missing },
            { """{"id":"MKT","shape":3.5}""", "shape", ErrorCodes.OutOfRange },
            { """{"id":"MKT","shape":0.3,"kind":"hill"}""", "kind", ErrorCodes.UnknownValue },
            { """{"id":"MKT","shape":0.3,"tail":"left"}""", "tail", ErrorCodes.UnknownValue },
            { """{"id":"MKT","shape":0.3,"standard_error":-1}""", "standard_error", ErrorCodes.OutOfRange },
            { """{"id":"MKT","kind":"gev","location":0,"scale":0,"shape":0.1}""", "scale", ErrorCodes.OutOfRange },
            { """{"id":"MKT","shape":0.3,"alpha":3}""", "alpha", ErrorCodes.UnknownKey },
        };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Good_checks_pass_the_parser_and_the_schema(string entry)
    {
        var errors = new List<FieldError>();
        Assert.Single(Read(entry, errors).SeverityChecks);
        Assert.Empty(errors);
        Assert.Empty(await SchemaErrorsAsync(entry));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Bad_checks_fail_both(string entry, string key, string code)
    {
        var errors = new List<FieldError>();
        Read(entry, errors);
        Assert.Contains(errors, e => e.Field == $"generator_spec.severity_checks[0].{key}" && e.Code == code);
        Assert.NotEmpty(await SchemaErrorsAsync(entry));
    }

    [Theory]
    [InlineData(0.33, SeverityVerdict.Pass)]
    [InlineData(0.80, SeverityVerdict.Lighter)]
    [InlineData(-0.20, SeverityVerdict.Heavier)]
    public void A_tail_index_is_held_against_the_set(double shape, SeverityVerdict verdict)
    {
        // Student-t with three degrees of freedom: ξ = 1/3.
        double[] set = Student(3, 40_000);
        SeverityFinding found = new TailIndexCheck("X", Lower: true, null, shape, 0.03, 0.1).Evaluate(
            set,
            20,
            PathWeights.Equal(2_000)
        );
        Assert.Equal(verdict, found.Verdict);
        Assert.Equal(shape, found.Expected);
        Assert.InRange(found.Observed!.Value, 0.2, 0.5);
    }

    [Theory]
    [InlineData(1.0, SeverityVerdict.Pass)]
    [InlineData(2.0, SeverityVerdict.Lighter)]
    [InlineData(0.5, SeverityVerdict.Heavier)]
    public void A_fit_of_block_maxima_is_held_against_the_set(double factor, SeverityVerdict verdict)
    {
        // The external fit is of maxima of 63 steps, the paths have 21: carried over by max-stability.
        double[] other = [.. Student(3, 63 * 2_000, path: 9).Select(x => -x)];
        GeneralizedExtremeValue fit = GeneralizedExtremeValueFit
            .Of(GeneralizedExtremeValueFit.BlockMaxima(other, 63), "maxima")
            .Distribution;
        var scaled = new GeneralizedExtremeValue(factor * fit.Location, factor * fit.Scale, fit.Shape);
        SeverityFinding found = new GevCheck("X", Lower: true, null, scaled, 63).Evaluate(
            Student(3, 21 * 2_000),
            21,
            PathWeights.Equal(2_000)
        );
        Assert.Equal(verdict, found.Verdict);
    }

    /// <summary>Half of the paths are calm and carry nearly all probability: by count the set is as severe as the fit.</summary>
    [Fact]
    public void Paths_count_by_their_probabilities()
    {
        const int paths = 1_000;
        var fit = new GeneralizedExtremeValue(1.0, 1e-6, 0.0);
        double[] worst = [.. Enumerable.Range(0, paths).Select(p => p % 10 == 0 ? -2.0 : 0.0)];
        double?[] probabilities = [.. worst.Select(x => (double?)(x < 0 ? 1e-6 : 1.0))];
        var check = new GevCheck("X", Lower: true, null, fit, 1);
        Assert.Equal(0.1, check.Evaluate(worst, 1, PathWeights.Equal(paths)).Observed!.Value, 1e-12);
        PathWeights weights = PathWeights.Of(probabilities, []);
        SeverityFinding weighed = check.Evaluate(worst, 1, weights);
        Assert.Equal(
            SeverityVerdict.Pass,
            new GevCheck("X", true, null, fit, 1).Evaluate(worst, 1, PathWeights.Equal(paths)).Verdict
        );
        Assert.InRange(weighed.Observed!.Value, 0.0, 1e-6);
        Assert.Equal(SeverityVerdict.Lighter, weighed.Verdict);
        SeverityFinding index = new TailIndexCheck("X", true, null, 0.3, 0.0, 0.1).Evaluate(worst, 1, weights);
        Assert.Equal(SeverityVerdict.Undecided, index.Verdict);
        Assert.Contains("reaches down to 0", index.Explanation, StringComparison.Ordinal);
    }

    /// <summary>
    /// Paths of two markets, ξ = 1/2 and ξ = 1/5, of which the second carries nearly all probability: by count the tail is
    /// the first's, by probability the second's.
    /// </summary>
    [Theory]
    [InlineData(0.2, SeverityVerdict.Pass)]
    [InlineData(0.5, SeverityVerdict.Lighter)]
    [InlineData(-0.4, SeverityVerdict.Heavier)]
    public void A_tail_index_is_that_of_the_probabilities(double shape, SeverityVerdict verdict)
    {
        const int paths = 2_000;
        double[] set = [.. Student(2, 10 * paths), .. Student(5, 10 * paths, path: 1)];
        double?[] probabilities = [.. Enumerable.Range(0, 2 * paths).Select(p => (double?)(p < paths ? 1e-6 : 1.0))];
        var check = new TailIndexCheck("X", Lower: true, null, shape, 0.0, 0.1);
        SeverityFinding found = check.Evaluate(set, 10, PathWeights.Of(probabilities, []));
        Assert.Equal(verdict, found.Verdict);
        Assert.Contains("weighted moment estimate", found.Explanation, StringComparison.Ordinal);
        Assert.True(check.Evaluate(set, 10, PathWeights.Equal(2 * paths)).Observed > found.Observed);
    }

    /// <summary>Where the farthest paths are the likeliest, or few paths hold the tail, there is no honest error.</summary>
    [Fact]
    public void Probabilities_that_no_error_can_be_honest_about_are_undecided()
    {
        double[] set = Student(4, 4_000);
        var check = new TailIndexCheck("X", Lower: true, null, 0.25, 0.0, 0.1);
        double?[] rising = [.. set.Select(x => (double?)Math.Max(0.01, -x))];
        SeverityFinding far = check.Evaluate(set, 1, PathWeights.Of(rising, []));
        Assert.Equal(SeverityVerdict.Undecided, far.Verdict);
        Assert.Contains("the farther out the likelier", far.Explanation, StringComparison.Ordinal);
        double?[] few = [.. Enumerable.Range(0, 400).Select(p => (double?)(p < 10 ? 1.0 : 1e-6))];
        SeverityFinding held = check.Evaluate(set, 10, PathWeights.Of(few, []));
        Assert.Equal(SeverityVerdict.Undecided, held.Verdict);
        Assert.Contains("25 are needed", held.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_too_small_to_judge_is_undecided_and_says_why()
    {
        SeverityFinding index = new TailIndexCheck("X", true, null, 0.3, 0.0, 0.1).Evaluate(
            [0.01, 0.02],
            2,
            PathWeights.Equal(1)
        );
        Assert.Equal(SeverityVerdict.Undecided, index.Verdict);
        SeverityFinding gev = new GevCheck("X", true, null, new GeneralizedExtremeValue(0.02, 0.01, 0.1), 21).Evaluate(
            Student(3, 100),
            10,
            PathWeights.Equal(10)
        );
        Assert.Equal(SeverityVerdict.Undecided, gev.Verdict);
        Assert.Contains("10 paths", gev.Explanation, StringComparison.Ordinal);
        // None of a hundred beyond a level that half as severe a set passes in 2.5 of a hundred: no evidence (p 0.08);
        // none of four hundred is (p 4e-5).
        var far = new GevCheck("X", true, null, new GeneralizedExtremeValue(9.0, 0.1, 0.0), 10);
        Assert.Equal(SeverityVerdict.Undecided, far.Evaluate(Student(3, 1_000), 10, PathWeights.Equal(100)).Verdict);
        Assert.Equal(SeverityVerdict.Lighter, far.Evaluate(Student(3, 4_000), 10, PathWeights.Equal(400)).Verdict);
    }

    /// <summary>A block bootstrap draws from what it was calibrated on: a figure of that history passes, a harsher one does not.</summary>
    [Fact]
    public void Findings_are_part_of_the_diagnostics_of_any_family()
    {
        double[] returns = Student(3, 2_500);
        var driver = new Driver(DriverKind.Instrument, "EQUITY:X", Driver.SimpleReturn);
        DateOnly[] dates = [.. Enumerable.Range(0, returns.Length).Select(t => new DateOnly(2015, 1, 1).AddDays(t))];
        var snapshot = new CalibrationSnapshot(dates[^1], new ShockPanel([driver], dates, returns));
        var family = new BlockBootstrapFamily();
        var shape = new GenerationShape(1_000, 10, 3);
        IPathGenerator generator = family.Calibrate(snapshot, family.ParseSpec(null), shape, null);
        SeverityCheck[] checks =
        [
            new TailIndexCheck("EQUITY:X", true, "Hill, 2024", 1.0 / 3.0, 0.05, 0.1),
            new TailIndexCheck("EQUITY:X", false, null, 1.5, 0.05, 0.1),
        ];
        SetDiagnostics diagnostics = SetDiagnostics.Of(
            snapshot,
            generator,
            shape,
            checks,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([SeverityVerdict.Pass, SeverityVerdict.Lighter], diagnostics.Severity.Select(f => f.Verdict));
        Assert.Equal(["lower", "upper"], diagnostics.Severity.Select(f => f.Tail));
        Assert.Equal("Hill, 2024", diagnostics.Severity[0].Source);
        // Four million cells would allow more than the set has.
        Assert.Equal(1_000, diagnostics.Severity[0].PathsSampled);
    }

    [Fact]
    public void An_unknown_driver_is_refused_with_the_nearest()
    {
        SeverityCheck[] checks =
        [
            new TailIndexCheck("MKT", true, null, 0.3, 0.0, 0.1),
            new TailIndexCheck("MKTT", true, null, 0.3, 0.0, 0.1),
        ];
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            SeverityCheck.RequireDrivers(checks, [new Driver(DriverKind.Factor, "MKT", Driver.SimpleReturn)])
        );
        Assert.Equal("generator_spec.severity_checks[1].id", Assert.Single(refused.Errors).Field);
        Assert.Contains("did you mean 'MKT'", refused.Message, StringComparison.Ordinal);
    }

    private static CommonSpec Read(string entry, List<FieldError> errors) =>
        CommonSpec.Read(JsonSerializer.Deserialize<JsonElement>($$"""{"severity_checks":[{{entry}}]}"""), errors);

    private static async Task<ICollection<NJsonSchema.Validation.ValidationError>> SchemaErrorsAsync(string entry) =>
        (await JsonSchema.FromFileAsync(Schema, TestContext.Current.CancellationToken)).Validate(
            $$"""{"severity_checks":[{{entry}}]}"""
        );

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
