using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>A base set in a report: its lineage.</summary>
internal static class BaseSetReport
{
    public static JsonObject Of(BaseSet set) =>
        new()
        {
            ["scenario_set_id"] = set.ScenarioSetId.ToString(),
            ["name"] = set.Name,
            ["version"] = set.Version,
            ["category"] = set.Category,
            ["content_hash"] = set.ContentHash,
        };
}
