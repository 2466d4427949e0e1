using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Tests.Diagnostics;

public sealed class BatteryTests
{
    private static readonly CoverageCell Calm = new("USUAL", "USUAL", "CHOPPY", "CENTRAL", "CARRY", 90, 0.9);
    private static readonly CoverageCell Crash = new("FAT", "HIGH", "TREND_DOMINATED", "EXTREME", "CRISIS", 10, 0.1);

    private static BatteryMember Member(string name, string category, params CoverageCell[] cells) =>
        new(Guid.Empty, name, 1, category, 100, new CoverageReport(100, 405, 2, 1, cells, [], [Calm, Crash]));

    private static BatteryNeeds Needs(string json) => BatteryNeeds.Parse(JsonSerializer.Deserialize<JsonElement>(json));

    [Fact]
    public void One_set_leaves_what_the_other_fills()
    {
        BatteryMember calm = Member("CALM", "BOOTSTRAP", Calm);
        BatteryMember crash = Member("CRASH", "FRAGILITY_ADVERSARIAL", Crash);

        BatteryReport alone = Battery.Assess([calm], BatteryNeeds.Default with { HistoryShare = 0.95 });
        Assert.False(alone.Covered);
        Assert.Equal(0.9, alone.HistoryShareReached!.Value, 12);
        BatteryGap gap = Assert.Single(alone.Gaps);
        Assert.Equal("CRISIS", gap.Region.Regime);
        Assert.Contains("CRISIS", gap.FilledBy, StringComparison.Ordinal);
        Assert.Contains(alone.Lacks, l => l.Need == "radius EXTREME" && l.FilledBy is not null);
        Assert.Contains(alone.Lacks, l => l.Need == "regime CRISIS");

        BatteryReport both = Battery.Assess([calm, crash], BatteryNeeds.Default with { HistoryShare = 0.95 });
        Assert.True(both.Covered);
        Assert.Empty(both.Gaps);
        Assert.Equal(1, both.HistoryShareReached!.Value, 12);
        Assert.Equal(["CRASH"], both.Traits.Single(t => t.Trait == "EXTREME").Sets);
    }

    [Fact]
    public void A_needs_file_names_categories_traits_regimes_shares_and_paths()
    {
        BatteryNeeds needs = Needs(
            """{"name":"GATE","categories":["BOOTSTRAP","REGULATORY"],"traits":{"tail":["FAT"]},"regimes":["STAGFLATION"],"history_share":0.5,"min_paths":500}"""
        );
        BatteryReport report = Battery.Assess([Member("CALM", "BOOTSTRAP", Calm)], needs);
        Assert.Equal(
            ["500 paths", "category REGULATORY", "regime STAGFLATION", "tail FAT"],
            report.Lacks.Select(l => l.Need).Order(StringComparer.Ordinal)
        );
        // What is not named is not needed.
        Assert.DoesNotContain(report.Traits, t => t.Needed && t.Dimension == "radius");
    }

    [Fact]
    public void A_set_that_knows_no_regimes_does_not_hide_those_that_others_lack()
    {
        BatteryMember blind = new(
            Guid.Empty,
            "BLIND",
            1,
            "FRAGILITY_ADVERSARIAL",
            100,
            new CoverageReport(
                100,
                81,
                1,
                1,
                [Calm with { Regime = "UNKNOWN" }, Crash with { Regime = "UNKNOWN" }],
                [],
                [Calm with { Regime = "UNKNOWN" }, Crash with { Regime = "UNKNOWN" }]
            )
        );
        BatteryReport report = Battery.Assess([Member("CALM", "BOOTSTRAP", Calm), blind], BatteryNeeds.Default);
        Assert.Equal("CRISIS", Assert.Single(report.Gaps).Region.Regime);
        Assert.Equal("regime CRISIS", Assert.Single(report.Lacks).Need);
    }

    [Fact]
    public void A_set_without_diagnostics_counts_for_its_category_and_is_named()
    {
        BatteryReport report = Battery.Assess(
            [new BatteryMember(Guid.Empty, "OLD", 3, "REGULATORY", 10, null)],
            Needs("""{"categories":["REGULATORY"],"history_share":0,"traits":{}}""")
        );
        Assert.True(report.Covered);
        Assert.Contains("OLD version 3", Assert.Single(report.Notes), StringComparison.Ordinal);
        Assert.False(Battery.Assess([new(Guid.Empty, "OLD", 3, "REGULATORY", 10, null)], BatteryNeeds.Default).Covered);
    }

    [Fact]
    public void Every_mistake_of_a_needs_file_is_told_at_once()
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            Needs(
                """{"categories":["BOOTSTRAPS"],"traits":{"tail":["HEAVY"],"tails":[]},"history_share":2,"min_path":5}"""
            )
        );
        Assert.Equal(
            ["categories", "history_share", "min_path", "traits.tail", "traits.tails"],
            refused.Errors.Select(e => e.Field).Order(StringComparer.Ordinal)
        );
    }
}
