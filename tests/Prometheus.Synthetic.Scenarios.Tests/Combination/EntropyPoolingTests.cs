using System.Text.Json;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Combination;

public sealed class EntropyPoolingTests
{
    private static readonly double[] s_dice = [1, 2, 3, 4, 5, 6];
    private static readonly double[] s_fair = [.. Enumerable.Repeat(1.0 / 6, 6)];

    [Fact]
    public void A_die_with_mean_four_and_a_half()
    {
        EntropyPooling pooled = EntropyPooling.Solve(s_fair, [new("v", s_dice, ViewRelation.Equal, 4.5)]);
        double[] published = [0.0543532, 0.0787715, 0.1141600, 0.1654468, 0.2397744, 0.3474941];
        for (int i = 0; i < 6; i++)
            Assert.Equal(published[i], pooled.Probabilities[i], 5.1e-8);
        Assert.Equal(0.0, pooled.Residuals[0], 1e-10);
    }

    [Fact]
    public void Agrees_with_an_independent_implementation_on_real_returns()
    {
        using JsonDocument oracle = JsonDocument.Parse(
            File.ReadAllText(SharedData.RequireFile("oracles/reference.json"))
        );
        JsonElement expected = oracle
            .RootElement.GetProperty("entropy_pooling")
            .GetProperty("mean_AAPL_eq_-0.002|exact_newton");
        RealPanel panel = RealPanel.Us20(logarithmic: true);
        // The reference's effective number times e^KL says how many days it had.
        int days = (int)
            Math.Round(
                expected.GetProperty("ess").GetDouble() * Math.Exp(expected.GetProperty("rel_entropy").GetDouble())
            );
        int apple = Array.IndexOf(panel.Ids, "AAPL");
        double[] values =
        [
            .. Enumerable.Range(panel.Days - days, days).Select(t => panel.Values[t * panel.Width + apple]),
        ];
        EntropyPooling pooled = EntropyPooling.Solve(
            [.. Enumerable.Repeat(1.0 / days, days)],
            [new("v", values, ViewRelation.Equal, -0.002)]
        );
        Assert.Equal(expected.GetProperty("rel_entropy").GetDouble(), pooled.RelativeEntropy, 1e-8);
        Assert.Equal(expected.GetProperty("ess").GetDouble(), pooled.EffectiveScenarios, 1e-4);
        Assert.Equal(expected.GetProperty("q_max").GetDouble(), pooled.Probabilities.Max(), 1e-9);
        double[] first = [.. expected.GetProperty("q_first5").EnumerateArray().Select(e => e.GetDouble())];
        for (int i = 0; i < first.Length; i++)
            Assert.Equal(first[i], pooled.Probabilities[i], 1e-9);
    }

    [Fact]
    public void An_inequality_that_holds_changes_nothing_and_one_that_binds_is_an_equality()
    {
        EntropyPooling idle = EntropyPooling.Solve(s_fair, [new("v", s_dice, ViewRelation.AtMost, 4.0)]);
        Assert.Equal(6.0, idle.EffectiveScenarios, 1e-9);
        double[] equal = EntropyPooling.Solve(s_fair, [new("v", s_dice, ViewRelation.Equal, 4.5)]).Probabilities;
        double[] least = EntropyPooling.Solve(s_fair, [new("v", s_dice, ViewRelation.AtLeast, 4.5)]).Probabilities;
        for (int i = 0; i < 6; i++)
            Assert.Equal(equal[i], least[i], 1e-9);
    }

    [Fact]
    public void Views_hold_and_no_nearer_probabilities_do() =>
        Gen.Select(Gen.Double[2.2, 4.8], Gen.Double[0.15, 0.4], Gen.ULong)
            .AlwaysHolds(
                (mean, share, _) =>
                {
                    PooledView[] views =
                    [
                        new("mean", s_dice, ViewRelation.Equal, mean),
                        new("edge", [1, 0, 0, 0, 0, 1], ViewRelation.AtLeast, share),
                    ];
                    EntropyPooling pooled = EntropyPooling.Solve(s_fair, views);
                    Assert.Equal(1.0, pooled.Probabilities.Sum(), 1e-12);
                    Assert.Equal(0.0, pooled.Residuals[0], 1e-9);
                    Assert.True(pooled.Residuals[1] > -1e-9);
                    // Move along every direction that keeps sum and mean and the share: the divergence does not fall.
                    foreach (double t in new[] { -1e-3, 1e-3 })
                    {
                        double[] moved = [.. pooled.Probabilities];
                        moved[1] += t;
                        moved[2] -= 2 * t;
                        moved[3] += t;
                        double kl = moved.Sum(q => q * Math.Log(q * 6));
                        Assert.True(kl >= pooled.RelativeEntropy - 1e-12);
                    }
                },
                cases: 200
            );

    [Fact]
    public void What_no_probabilities_can_do_is_refused()
    {
        Families.AssertRefused(
            ErrorCodes.Infeasible,
            "v",
            () => EntropyPooling.Solve(s_fair, [new("v", s_dice, ViewRelation.Equal, 6.5)])
        );
        ScenarioRefusedException together = Assert.Throws<ScenarioRefusedException>(() =>
            EntropyPooling.Solve(
                s_fair,
                [
                    new("mean", s_dice, ViewRelation.Equal, 5.5),
                    new("low", [1, 1, 1, 0, 0, 0], ViewRelation.AtLeast, 0.5),
                ]
            )
        );
        Assert.All(together.Errors, e => Assert.Equal(ErrorCodes.Infeasible, e.Code));
    }
}
