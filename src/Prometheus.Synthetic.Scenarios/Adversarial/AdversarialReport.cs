using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>What an adversarial set says about itself: targets, templates, how far out, and whom it hurts by how much.</summary>
internal static class AdversarialReport
{
    public static JsonObject Of(
        ShockSpace space,
        AttackPlan plan,
        AttackTargets targets,
        AdversarialSpec spec,
        double radius,
        GenerationShape shape,
        Func<int, (PathLoss, PathPlausibility)> assess
    )
    {
        ThreatModel model = spec.ThreatModel!;
        (PathLoss Loss, PathPlausibility Plausibility)[] paths =
        [
            .. Enumerable.Range(0, Math.Min(shape.NumPaths, PlausibilitySummary.MaxPaths)).Select(assess),
        ];
        return new JsonObject
        {
            ["defensive_test"] = true,
            ["purpose"] = "defensive test: measures resilience of what is fragile; not a basis for trading",
            ["threat_model"] = new JsonObject { ["name"] = model.Name, ["version"] = model.Version },
            ["method"] = spec.Entropic ? "entropic" : "mahalanobis",
            ["space"] = new JsonObject
            {
                ["kind"] = space.Kind,
                ["dimension"] = space.Dimension,
                ["sample_days"] = space.Metric.Dates.Count,
                ["shrinkage"] = space.Metric.Covariance.Shrinkage,
                ["degrees_of_freedom"] = space.Metric.Tail?.DegreesOfFreedom,
                ["degrees_of_freedom_at_bound"] = space.Metric.Tail?.AtBound,
            },
            ["radius"] = radius,
            ["radius_chi_square_level"] = 1.0 - PlausibilityLevel.ChiSquareTail(space.Dimension, radius),
            ["radius_student_level"] = 1.0 - space.Metric.StudentTail(radius),
            ["radius_one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(radius),
            ["radius_one_dimensional_student_tail"] = space.Metric.Tail is { } tail
                ? PlausibilityLevel.OneDimensionalStudentTail(tail.DegreesOfFreedom, radius)
                : null,
            ["targets"] = targets.ToJson(space.Drivers),
            ["attacks"] = plan.Attacks.Count,
            ["attacks_covered"] = Math.Min(plan.Attacks.Count, shape.NumPaths),
            ["templates"] = new JsonArray([
                .. plan
                    .Attacks.Select(a => a.Template.Name)
                    .Distinct(StringComparer.Ordinal)
                    .Select(n => JsonValue.Create(n)),
            ]),
            ["templates_skipped"] = new JsonObject(
                plan.Skipped.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)JsonValue.Create(s.Value)))
            ),
            ["loss"] = LossComparison.Of([.. paths.Select(p => p.Loss)]),
            ["plausibility"] = PlausibilitySummary.Of([.. paths.Select(p => p.Plausibility)]),
            ["notes"] = new JsonArray([.. space.Notes.Concat(targets.Notes).Select(n => JsonValue.Create(n))]),
        };
    }
}
