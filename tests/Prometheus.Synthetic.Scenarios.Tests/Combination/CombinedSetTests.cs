using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Combination;

public sealed class CombinedSetTests
{
    private const int Horizon = 8;
    private static readonly Guid s_one = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid s_two = new("22222222-2222-2222-2222-222222222222");

    private static readonly CalibrationSnapshot s_snapshot = Market.Snapshot() with
    {
        BaseSets =
        [
            Families.Base(s_one, ScenarioCategory.Bootstrap, """{"block_length":5}""", Market.Snapshot(), 60, Horizon),
            Families.Base(s_two, ScenarioCategory.FragilityAdversarial, "{}", Market.Snapshot(), 30, Horizon),
        ],
    };

    [Fact]
    public void A_mixture_holds_its_weights_exactly_and_its_paths_are_the_sets_paths()
    {
        IPathGenerator mixture = Families.Calibrate(
            ScenarioCategory.Custom,
            s_snapshot,
            $$"""{"mixture":[{"scenario_set_id":"{{s_one}}","weight":3},{"scenario_set_id":"{{s_two}}","weight":1}]}""",
            50,
            Horizon
        );
        double[] values = Families.Generate(mixture, 50, Horizon);
        double[] one = Families.Generate(
            Families.Calibrate(
                ScenarioCategory.Bootstrap,
                Market.Snapshot(),
                """{"block_length":5}""",
                60,
                Horizon,
                11
            ),
            60,
            Horizon
        );
        int length = values.Length / 50;
        double weight = 0.0;
        var seen = new HashSet<int>();
        for (int p = 0; p < 50; p++)
        {
            PathAnnotation facts = mixture.Describe(p)!;
            if ((string)facts.Metadata!["component"]! != s_one.ToString())
                continue;
            weight += facts.Probability!.Value;
            int origin = (int)facts.Metadata["component_path"]!;
            Assert.True(seen.Add(origin));
            Assert.Equal(one.AsSpan(origin * length, length).ToArray(), values.AsSpan(p * length, length).ToArray());
        }

        Assert.Equal(0.75, weight, 1e-12);
        Assert.Equal(1.0, Enumerable.Range(0, 50).Sum(p => mixture.Describe(p)!.Probability!.Value), 1e-12);
    }

    [Fact]
    public void Views_weigh_the_paths_they_find()
    {
        IPathGenerator generator = Families.Calibrate(
            ScenarioCategory.Custom,
            s_snapshot,
            $$"""
            {"scenario_set_id":"{{s_one}}","views":[
              {"driver":"EQUITY:WEAK","statistic":"mean","value":-0.02},
              {"driver":"EQUITY:CHIP","statistic":"probability_below","threshold":0,"relation":">=","value":0.6}]}
            """,
            60,
            Horizon
        );
        double[] values = Families.Generate(generator, 60, Horizon);
        int weak = generator.IndexOf("EQUITY:WEAK");
        int width = generator.Drivers.Count;
        double mean = 0.0;
        for (int p = 0; p < 60; p++)
        {
            double compounded = 1.0;
            for (int h = 0; h < Horizon; h++)
                compounded *= 1 + values[(p * Horizon + h) * width + weak];
            mean += generator.Describe(p)!.Probability!.Value * (compounded - 1);
        }

        Assert.Equal(-0.02, mean, 1e-9);
        Assert.InRange((double)generator.Report["effective_scenarios"]!, 5, 60);
    }

    /// <summary>Paths that have probabilities of their own have their mean under them.</summary>
    [Fact]
    public void A_view_on_volatility_is_about_the_mean_of_the_prior()
    {
        var viewed = new Guid("44444444-4444-4444-4444-444444444444");
        string views =
            $$"""{"scenario_set_id":"{{s_one}}","views":[{"driver":"EQUITY:WEAK","statistic":"mean","value":-0.06}]}""";
        CalibrationSnapshot snapshot = s_snapshot with
        {
            BaseSets =
            [
                .. s_snapshot.BaseSets,
                Families.Base(viewed, ScenarioCategory.Custom, views, s_snapshot, 60, Horizon),
            ],
        };
        IPathGenerator prior = Families.Calibrate(ScenarioCategory.Custom, s_snapshot, views, 60, Horizon);
        IPathGenerator posterior = Families.Calibrate(
            ScenarioCategory.Custom,
            snapshot,
            $$"""{"scenario_set_id":"{{viewed}}","views":[{"driver":"EQUITY:WEAK","statistic":"volatility","value":0.05}]}""",
            60,
            Horizon
        );
        double[] values = Families.Generate(posterior, 60, Horizon);
        int weak = posterior.IndexOf("EQUITY:WEAK");
        int width = posterior.Drivers.Count;
        double[] outcomes =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(p =>
                    Enumerable
                        .Range(0, Horizon)
                        .Aggregate(1.0, (v, h) => v * (1 + values[(p * Horizon + h) * width + weak])) - 1
                ),
        ];
        double mean = outcomes.Select((x, p) => x * prior.Describe(p)!.Probability!.Value).Sum();
        Assert.Equal(-0.06, mean, 1e-9);
        double variance = outcomes
            .Select((x, p) => (x - mean) * (x - mean) * posterior.Describe(p)!.Probability!.Value)
            .Sum();
        Assert.Equal(0.05, Math.Sqrt(variance), 1e-9);
    }

    [Fact]
    public void A_mixture_keeps_the_probabilities_of_a_set_under_views()
    {
        var viewed = new Guid("33333333-3333-3333-3333-333333333333");
        string views =
            $$"""{"scenario_set_id":"{{s_one}}","views":[{"driver":"EQUITY:WEAK","statistic":"mean","value":-0.03}]}""";
        CalibrationSnapshot snapshot = s_snapshot with
        {
            BaseSets =
            [
                .. s_snapshot.BaseSets,
                Families.Base(viewed, ScenarioCategory.Custom, views, s_snapshot, 60, Horizon),
            ],
        };
        IPathGenerator own = Families.Calibrate(ScenarioCategory.Custom, s_snapshot, views, 60, Horizon);
        IPathGenerator mixture = Families.Calibrate(
            ScenarioCategory.Custom,
            snapshot,
            $$"""{"mixture":[{"scenario_set_id":"{{viewed}}","weight":3},{"scenario_set_id":"{{s_two}}","weight":1}]}""",
            80,
            Horizon
        );
        PathAnnotation[] facts = [.. Enumerable.Range(0, 80).Select(p => mixture.Describe(p)!)];
        Assert.Equal(1.0, facts.Sum(f => f.Probability!.Value), 1e-12);
        PathAnnotation[] ofViews = [.. facts.Where(f => (string)f.Metadata!["component"]! == viewed.ToString())];
        Assert.Equal(60, ofViews.Length);
        // All sixty paths are in, so that each has three quarters of its own probability.
        foreach (PathAnnotation f in ofViews)
            Assert.Equal(
                0.75 * own.Describe((int)f.Metadata!["component_path"]!)!.Probability!.Value,
                f.Probability!.Value,
                1e-12
            );
    }

    [Fact]
    public void Combinations_that_cannot_be_are_refused_by_field()
    {
        Families.AssertRefused(ErrorCodes.Missing, "generator_spec.definition", () => Views("{}"));
        Families.AssertRefused(
            ErrorCodes.OutOfRange,
            "generator_spec.mixture",
            () => Views($$"""{"mixture":[{"scenario_set_id":"{{s_one}}","weight":1}]}""")
        );
        Families.AssertRefused(
            ErrorCodes.Infeasible,
            "generator_spec.views[0].value",
            () => Views($$"""{"scenario_set_id":"{{s_one}}","views":[{"driver":"EQUITY:WEAK","value":3}]}""")
        );
        Families.AssertRefused(
            ErrorCodes.NotFound,
            "generator_spec.views[0].driver",
            () => Views($$"""{"scenario_set_id":"{{s_one}}","views":[{"driver":"EQUITY:WEEK","value":0}]}""")
        );

        static void Views(string spec) => Families.Calibrate(ScenarioCategory.Custom, s_snapshot, spec, 60, Horizon);
    }

    [Fact]
    public void A_snapshot_with_base_sets_round_trips()
    {
        byte[] bytes = CalibrationSnapshotCodec.Encode(s_snapshot);
        CalibrationSnapshot back = CalibrationSnapshotCodec.Decode(bytes);
        Assert.Equal(bytes, CalibrationSnapshotCodec.Encode(back));
        Assert.Equal(s_two, back.BaseSets[1].ScenarioSetId);
        Assert.Null(back.BaseSets[1].Snapshot);
        Assert.NotEqual(
            CalibrationSnapshotCodec.Address(bytes),
            CalibrationSnapshotCodec.Address(CalibrationSnapshotCodec.Encode(Market.Snapshot()))
        );
    }
}
