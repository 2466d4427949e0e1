using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Overlays;
using Prometheus.Synthetic.Scenarios.Regulatory;

namespace Prometheus.Synthetic.Scenarios.Tests.Json;

/// <summary>The schemas that other teams write their requests by say what the parsers accept.</summary>
public sealed class PublishedSpecTests
{
    [Fact]
    public void Historical_windows() =>
        new PublishedSpec("historical.schema.json", e => HistoricalSpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Block_bootstrap() =>
        new PublishedSpec("block-bootstrap.schema.json", e => BlockBootstrapSpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
        }.HoldsAtEveryLevel();

    /// <summary>The range of a size depends on the type; the widest, published, is that of a shock on a macro series.</summary>
    [Fact]
    public void Shock_overlays() =>
        new PublishedSpec(
            "shock-overlay.schema.json",
            e =>
                OverlaySpec.Parse(
                    With(
                        e,
                        "overlays",
                        new JsonObject
                        {
                            ["type"] = Overlay.RateShock,
                            ["applies_to"] = new JsonObject { ["kind"] = "MACRO" },
                        }
                    ),
                    ScenarioFamilies.All
                )
        )
        {
            ReadElsewhere = ["seed", "severity_checks"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Adversarial_paths() =>
        new PublishedSpec("fragility-adversarial.schema.json", e => AdversarialSpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
            JudgedElsewhere = ["threat_model"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Regulatory_scenarios() =>
        new PublishedSpec("regulatory.schema.json", e => RegulatorySpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
            JudgedElsewhere = ["definition"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Custom_sets() =>
        new PublishedSpec("custom.schema.json", e => CustomSpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
            JudgedElsewhere = ["definition"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Given_paths() =>
        new PublishedSpec("given-paths.schema.json", e => GivenPathsSpec.Parse(e))
        {
            ReadElsewhere = ["seed", "severity_checks"],
        }.HoldsAtEveryLevel();

    /// <summary>A bound in returns cannot lose everything; the widest, published, is that of a level.</summary>
    [Fact]
    public void Threat_models() =>
        new PublishedSpec(
            "../definitions/threat-model.schema.json",
            e => ThreatModel.Parse("file", With(e, "bounds", new JsonObject { ["unit"] = "level" }))
        )
        {
            JudgedElsewhere = ["kind"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Scenario_definitions() =>
        new PublishedSpec("../definitions/scenario-definition.schema.json", e => ScenarioDefinition.Parse("file", e))
        {
            JudgedElsewhere = ["start_quarter"],
        }.HoldsAtEveryLevel();

    [Fact]
    public void Hand_written_paths() =>
        new PublishedSpec("../definitions/custom-paths.schema.json", e => CustomDefinition.Parse("file", e))
        {
            JudgedElsewhere = ["kind"],
        }.HoldsAtEveryLevel();

    /// <summary>What an entry of a list leaves open, filled in.</summary>
    private static JsonElement With(JsonElement spec, string list, JsonObject open)
    {
        JsonObject copy = JsonObject.Create(spec)!.DeepClone().AsObject();
        foreach (JsonObject entry in (copy[list] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            foreach ((string key, JsonNode? value) in open.Where(p => !entry.ContainsKey(p.Key)))
                entry[key] = value!.DeepClone();
        }

        return JsonSerializer.SerializeToElement(copy);
    }
}
