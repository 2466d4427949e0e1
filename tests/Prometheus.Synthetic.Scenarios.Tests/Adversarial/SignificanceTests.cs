using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Adversarial;

/// <summary>
/// The purpose of the family, on real days: who is attacked loses more than the broad market, by more than chance,
/// whatever template, method and severity.
/// </summary>
public sealed class SignificanceTests(ITestOutputHelper output)
{
    private static readonly string[] s_templates =
    [
        "worst_case",
        "sovereign_funding_squeeze",
        "sector_crash",
        "crowded_trade_unwind",
        "liquidity_drain",
        "contagion_cascade",
    ];

    public static TheoryData<string, string, double> Cases()
    {
        var cases = new TheoryData<string, string, double>();
        foreach (string method in new[] { "mahalanobis", "entropic" })
        {
            foreach (double radius in new[] { 3.0, 5.0 })
            {
                foreach (string template in s_templates)
                    cases.Add(method, template, radius);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_template_hurts_whom_it_attacks_significantly_more_than_the_market(
        string method,
        string template,
        double radius
    )
    {
        // Forty paths: four of each attack, or of the one that a cascade is.
        JsonObject loss = Loss(
            $$"""{"method":"{{method}}","radius":{{radius}},"templates":["{{template}}"],"threat_model":{{Standard()}}}""",
            40
        );
        JsonNode attacked = loss["attacked_against_market"]!;
        output.WriteLine(
            $"{template} {method} {radius}: attacked {attacked["ratio"]:0.00}, t {attacked["t"]:0.0}, by attack {attacked["t_by_attack"]:0.0}; targets {loss["ratio"]:0.00}"
        );
        // Against chance over paths: the weakest, a squeeze whose attack on one name hits the banks beside it, is at 5e-7.
        Assert.True((double)attacked["p_value"]! < 1e-5, loss.ToJsonString());
        // The targets as a whole fall more than the market, too, even where most attacks are aimed at one of them alone.
        Assert.True((double)loss["targets_against_market"]!["mean_difference"]! > 0.0, loss.ToJsonString());
    }

    [Theory]
    [InlineData("mahalanobis", 3.0)]
    [InlineData("mahalanobis", 5.0)]
    [InlineData("entropic", 3.0)]
    [InlineData("entropic", 5.0)]
    public void A_set_of_all_templates_does_so_even_counted_by_attack(string method, double radius)
    {
        JsonObject loss = Loss(
            $$"""{"method":"{{method}}","radius":{{radius}},"macro_ids":["DGS10","VIXCLS"],"threat_model":{{Standard()}}}""",
            120
        );
        output.WriteLine($"{method} {radius}: {loss.ToJsonString()}");
        Assert.Equal(s_templates.Order(), loss["by_template"]!.AsArray().Select(t => (string)t!["template"]!));
        Assert.True((double)loss["attacked_against_market"]!["p_value_by_attack"]! < 1e-6);
        Assert.True((double)loss["targets_against_market"]!["p_value_by_attack"]! < 1e-3);
        Assert.True((double)loss["ratio"]! > 1.2);
    }

    private static JsonObject Loss(string spec, int paths) =>
        Families.Calibrate(ScenarioCategory.FragilityAdversarial, RealMarket.Snapshot(), spec, paths, 20).Report[
            "loss"
        ]!.AsObject();

    /// <summary>What the shipped threat model grants, in short.</summary>
    private static string Standard() =>
        """
            {"name":"S","content":{"name":"S","max_radius":8,
             "bounds":[{"drivers":{"asset_class":["EQUITY"]},"lower":-0.6,"upper":0.6,"unit":"simple_return"},
                       {"drivers":{"kind":"MACRO","ids":["VIXCLS"]},"lower":-30,"upper":40,"unit":"index"},
                       {"drivers":{"kind":"MACRO","ids":["DGS10"]},"lower":-1.5,"upper":1.5,"unit":"percent"}],
             "levels":[{"macro_id":"VIXCLS","min":5,"max":150},{"macro_id":"DGS10","min":-1,"max":25}],
             "templates":[{"name":"worst_case"},{"name":"sovereign_funding_squeeze"},{"name":"sector_crash"},
                          {"name":"crowded_trade_unwind"},{"name":"contagion_cascade"},
                          {"name":"liquidity_drain","allocations":["grind"],"fixed_deviations":{"VIXCLS":2}}]}}
            """;
}
