using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

public sealed class FragilityAdversarialTests(ITestOutputHelper output)
{
    private const int Horizon = 12;
    private static readonly FragilityAdversarialFamily s_family = new();

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"method":"entropic","radius":3}""", false)]
    [InlineData("""{"factors":["MKT","SIZE"],"macro_ids":["VIXCLS","DGS10"]}""", true)]
    [InlineData("""{"radius":6,"noise":0.6,"min_loss_share":0.7}""", false)]
    public void Every_path_is_possible_plausible_and_hurts_the_targets_more(string spec, bool factors)
    {
        CalibrationSnapshot snapshot = Market.Snapshot(factors);
        const int paths = 120;
        IPathGenerator generator = Calibrate(snapshot, spec, paths);
        double[] values = Generate(generator, paths);
        int width = generator.Drivers.Count;
        int weak = IndexOf(generator, "EQUITY:WEAK");
        for (int p = 0; p < paths; p++)
        {
            JsonObject facts = generator.Describe(p)!.Metadata!;
            Assert.True((bool)facts["defensive_test"]!);
            double radius = (double)facts["radius"]!;
            Assert.InRange((double)facts["mahalanobis_distance"]!, 1e-3, radius * (1 + 1e-9));
            double vix = 18.0;
            for (int h = 0; h < Horizon; h++)
            {
                ReadOnlySpan<double> day = values.AsSpan((p * Horizon + h) * width, width);
                for (int k = 0; k < width; k++)
                    Assert.True(
                        double.IsFinite(day[k]) && (generator.Drivers[k].Kind == DriverKind.Macro || day[k] > -1)
                    );
                // Exact up to rounding: products and sums of numbers below 1.
                Assert.Equal(
                    (1 + day[IndexOf(generator, "FX:EURUSD")]) * (1 + day[IndexOf(generator, "FX:USDJPY")]) - 1,
                    day[IndexOf(generator, "FX:EURJPY")],
                    1e-15
                );
                Assert.Equal(
                    0.5 * day[weak]
                        + 0.3 * day[IndexOf(generator, "EQUITY:SOUND")]
                        + 0.2 * day[IndexOf(generator, "EQUITY:CHIP")],
                    day[IndexOf(generator, "ETF:ALL")],
                    1e-15
                );
                vix += day[IndexOf(generator, "VIXCLS")];
            }

            Assert.True(vix > 0);
            if ((string)facts["template"]! == "worst_case")
                Assert.True((double)facts["loss"]!["focus"]! > (double)facts["loss"]!["market"]!);
        }

        JsonObject loss = generator.Report["loss"]!.AsObject();
        output.WriteLine($"{spec}: {loss.ToJsonString()}");
        Assert.True((double)loss["mean_targets"]! > 1.2 * (double)loss["mean_market"]!);
    }

    [Fact]
    public void The_first_path_of_an_attack_is_the_closed_form()
    {
        CalibrationSnapshot snapshot = Market.Snapshot();
        IPathGenerator generator = Calibrate(snapshot, """{"templates":["worst_case"],"radius":3}""", 1);
        double[] values = Generate(generator, 1);
        AdversarialSpec spec = AdversarialSpec.Parse(Json("""{"radius":3}"""));
        ShockSpace space = ShockSpace.OfDrivers(snapshot.Panel, ThreatModel.HardLimits);
        double[] e = space.Exposure(AttackTargets.Of(snapshot, spec).Weights);
        double[] h = new double[e.Length];
        LinearForm.Of(e).Covary(space.Metric.Covariance.Values, e.Length, h);
        double deviation = Math.Sqrt(e.Zip(h, (a, b) => a * b).Sum());
        double[] day = new double[generator.Drivers.Count];
        space.Move([.. h.Select(v => -3 * v / deviation)], day);
        // The gap falls on the first day; the rest of the path is at rest.
        for (int k = 0; k < day.Length; k++)
            Assert.Equal(day[k], values[k], 1e-12);
        Assert.All(values[day.Length..], v => Assert.Equal(0.0, v));
    }

    [Fact]
    public void Any_cut_gives_the_same_paths_and_no_two_paths_are_alike() =>
        Gen.Int[1, 40]
            .AlwaysHolds(
                cut =>
                {
                    IPathGenerator generator = s_shared.Value;
                    double[] whole = Generate(generator, 40);
                    int length = Horizon * generator.Drivers.Count;
                    for (int first = 0; first < 40; first += cut)
                    {
                        double[] part = new double[Math.Min(cut, 40 - first) * length];
                        generator.Generate(first, part);
                        Assert.Equal(whole.AsSpan(first * length, part.Length).ToArray(), part);
                    }

                    Assert.Equal(40, whole.Chunk(length).Select(c => string.Join(',', c)).Distinct().Count());
                },
                cases: 10
            );

    private static readonly Lazy<IPathGenerator> s_shared = new(() => Calibrate(Market.Snapshot(), "{}", 40));

    [Fact]
    public void Bounds_of_the_threat_model_hold_on_every_cell_and_are_reported()
    {
        const string spec = """
            {"radius":5,"threat_model":{"name":"TIGHT","version":2,"hash":"x","content":{"name":"TIGHT","version":2,
             "bounds":[{"drivers":{"asset_class":["EQUITY"]},"lower":-0.04,"upper":0.03,"unit":"simple_return"}],
             "levels":[{"macro_id":"VIXCLS","min":9,"max":30},{"macro_id":"DGS10","min":1.2}],
             "templates":[{"name":"worst_case","kind":"worst_case"},{"name":"contagion_cascade","kind":"contagion_cascade"},
                          {"name":"squeeze","kind":"sovereign_funding_squeeze","fixed_deviations":{"VIXCLS":1.0}}]}}}
            """;
        IPathGenerator generator = Calibrate(Market.Snapshot(), spec, 60);
        double[] values = Generate(generator, 60);
        int width = generator.Drivers.Count;
        int bound = 0;
        for (int p = 0; p < 60; p++)
        {
            double vix = 18.0;
            double rate = 1.5;
            for (int h = 0; h < Horizon; h++)
            {
                ReadOnlySpan<double> day = values.AsSpan((p * Horizon + h) * width, width);
                for (int k = 0; k < width; k++)
                {
                    if (generator.Drivers[k].Id.StartsWith("EQUITY", StringComparison.Ordinal))
                        Assert.InRange(day[k], -0.04 - 1e-12, 0.03 + 1e-12);
                }

                vix += day[IndexOf(generator, "VIXCLS")];
                rate += day[IndexOf(generator, "DGS10")];
                Assert.InRange(vix, 9 - 1e-9, 30 + 1e-9);
                Assert.True(rate >= 1.2 - 1e-9);
            }

            bound += generator.Describe(p)!.Metadata!["binding_bounds"]!.AsArray().Count;
        }

        Assert.True(bound > 60);
    }

    [Fact]
    public void A_larger_radius_never_lowers_the_targets_loss()
    {
        double last = 0.0;
        foreach (double radius in new[] { 0.5, 1.0, 2.0, 4.0, 6.0, 8.0 })
        {
            IPathGenerator generator = Calibrate(Market.Snapshot(), $$"""{"radius":{{radius}}}""", 1);
            double loss = (double)generator.Describe(0)!.Metadata!["loss"]!["targets"]!;
            Assert.True(loss >= last);
            last = loss;
        }
    }

    [Theory]
    [InlineData("""{"defensive_test":false}""", ErrorCodes.DefensiveMarking, "generator_spec.defensive_test")]
    [InlineData("""{"radius":9}""", ErrorCodes.OverLimit, "generator_spec.radius")]
    [InlineData("""{"radius":13}""", ErrorCodes.OutOfRange, "generator_spec.radius")]
    [InlineData("""{"radius":3,"plausibility_level":0.9}""", ErrorCodes.Conflict, "generator_spec.plausibility_level")]
    [InlineData("""{"templates":["sector_crush"]}""", ErrorCodes.UnknownValue, "generator_spec.templates")]
    [InlineData(
        """{"targets":[{"entity_type":"ISSUER","soft_target_score":2}]}""",
        ErrorCodes.OutOfRange,
        "generator_spec.targets[0].soft_target_score"
    )]
    [InlineData(
        """{"threat_model":{"name":"T","content":{"name":"T","bounds":[{"lower":0.1}]}}}""",
        ErrorCodes.Conflict,
        "generator_spec.threat_model.content.bounds[0].lower"
    )]
    [InlineData(
        """{"threat_model":{"name":"T","content":{"name":"T","templates":[{"name":"worst_case","stages":[{}]}]}}}""",
        ErrorCodes.Conflict,
        "generator_spec.threat_model.content.templates[0].stages"
    )]
    [InlineData(
        """{"threat_model":{"name":"T","content":{"name":"T","templates":[{"name":"worst_case","fixed":{"VIXCLS":5},"fixed_deviations":{"VIXCLS":2}}]}}}""",
        ErrorCodes.Conflict,
        "generator_spec.threat_model.content.templates[0].fixed.VIXCLS"
    )]
    public void Bad_specs_are_refused_by_field(string spec, string code, string field)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            s_family.ParseSpec(Json(spec))
        );
        Assert.Contains(refused.Errors, e => e.Code == code && e.Field == field);
    }

    [Fact]
    public void Targets_that_cannot_be_attacked_are_refused()
    {
        AssertRefused(ErrorCodes.NoTargets, Market.Snapshot(), """{"min_score":0.95}""");
        AssertRefused(ErrorCodes.NoTargets, Market.Snapshot() with { Targets = [] }, "{}");
        AssertRefused(
            ErrorCodes.NoTargets,
            Market.Snapshot() with
            {
                Targets = [Market.Target("GONE", 0.9, "EQUITY:GONE")],
            },
            "{}"
        );
        AssertRefused(
            ErrorCodes.ZeroExposure,
            Market.Snapshot(zeroed: true) with
            {
                Targets = [Market.Target("WEAK", 0.9, "EQUITY:WEAK")],
            },
            "{}"
        );
        AssertRefused(
            ErrorCodes.Conflict,
            Market.Snapshot(),
            """
            {"threat_model":{"name":"T","content":{"name":"T","bounds":[{"drivers":{"kind":"MACRO"},"lower":-1,"upper":1,"unit":"index"}],
             "templates":[{"name":"worst_case","fixed":{"VIXCLS":30},"allocations":["gap"]}]}}}
            """
        );
        AssertRefused(
            ErrorCodes.Infeasible,
            Market.Snapshot(),
            """{"threat_model":{"name":"T","content":{"name":"T","templates":[{"name":"worst_case","fixed":{"VIXCLS":30},"allocations":["gap"]}]}}}"""
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"method":"entropic"}""")]
    public void On_a_real_panel_the_targets_lose_significantly_more_than_the_market(string spec)
    {
        ShockPanel panel = RealPanel.Us20().ToPanel();
        var snapshot = new CalibrationSnapshot(panel.Dates[^1], panel)
        {
            Targets =
            [
                Market.Target("BANKS", 0.9, "EQUITY:BAC", "EQUITY:JPM"),
                Market.Target("AMD", 0.8, "EQUITY:AMD"),
                Market.Target("RRC", 0.7, "EQUITY:RRC"),
                Market.Target("KO", 0.6, "EQUITY:KO"),
            ],
        };
        IPathGenerator generator = Calibrate(snapshot, spec, 200);
        JsonObject loss = generator.Report["loss"]!.AsObject();
        output.WriteLine($"twenty US names, {spec}: {loss.ToJsonString()}");
        double[] difference =
        [
            .. Enumerable
                .Range(0, 200)
                .Select(p => (double)generator.Describe(p)!.Metadata!["loss"]!["targets_less_market"]!),
        ];
        double mean = difference.Average();
        double error = Math.Sqrt(difference.Sum(d => (d - mean) * (d - mean)) / 199 / 200);
        // Significant: the mean difference lies ten standard errors above zero.
        Assert.True(mean > 10 * error, $"{mean} ± {error}");
    }

    [Fact]
    public void Four_hundred_instruments_are_no_obstacle()
    {
        ShockPanel panel = RealPanel.UsLarge().ToPanel();
        var snapshot = new CalibrationSnapshot(panel.Dates[^1], panel)
        {
            Targets = [Market.Target("AAL", 0.9, "EQUITY:AAL"), Market.Target("BAC", 0.8, "EQUITY:BAC")],
        };
        IPathGenerator generator = Calibrate(snapshot, """{"radius":5}""", 12);
        output.WriteLine(generator.Report.ToJsonString());
        Assert.True((double)generator.Report["loss"]!["ratio"]! > 1.3);
        Assert.InRange((double)generator.Report["plausibility"]!["path_distance"]!["max"]!, 4.999, 5 * (1 + 1e-9));
    }

    private static void AssertRefused(string code, CalibrationSnapshot snapshot, string spec)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            Generate(Calibrate(snapshot, spec, 4), 4)
        );
        Assert.Contains(refused.Errors, e => e.Code == code);
    }

    private static IPathGenerator Calibrate(CalibrationSnapshot snapshot, string spec, int paths) =>
        s_family.Calibrate(snapshot, s_family.ParseSpec(Json(spec)), new GenerationShape(paths, Horizon, 99), null);

    private static double[] Generate(IPathGenerator generator, int paths)
    {
        double[] values = new double[paths * Horizon * generator.Drivers.Count];
        generator.Generate(0, values);
        return values;
    }

    private static int IndexOf(IPathGenerator generator, string id) =>
        Enumerable.Range(0, generator.Drivers.Count).First(k => generator.Drivers[k].Id == id);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
