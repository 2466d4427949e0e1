using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// Type E of the specification (4.5, 7.4): the worst plausible days for what is fragile now, as defensive tests only.
/// </summary>
public sealed class FragilityAdversarialFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.FragilityAdversarial;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => AdversarialSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var adversarial = (AdversarialSpec)spec;
        ThreatModel model =
            adversarial.ThreatModel
            ?? throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "generator_spec.threat_model",
                "the threat model was named but not resolved; requests that go through the engine have it embedded"
            );
        CalibrationSnapshot sample = RegimeRestriction.Restrict(snapshot, regimeFilter);
        AttackTargets targets = AttackTargets.Of(sample, adversarial);
        ShockSpace space = adversarial.InFactorSpace
            ? ShockSpace.OfFactors(sample, model, [.. targets.Targets.SelectMany(t => t.Drivers).Distinct()])
            : ShockSpace.OfDrivers(sample.Panel, model);
        double radius = Radius(adversarial, model, space.Metric);
        var plan = new AttackPlan(sample.Panel, space, targets, model, adversarial, shape.HorizonDays);
        return new AdversarialGenerator(space, plan, targets, adversarial, shape, radius);
    }

    private static double Radius(AdversarialSpec spec, ThreatModel model, CalibrationMetric metric)
    {
        int dimension = metric.Dimension;
        double radius = spec switch
        {
            { Radius: { } given } => given,
            { PlausibilityLevel: { } level, StudentTail: true } => PlausibilityLevel.StudentRadius(
                dimension,
                (
                    metric.Tail
                    ?? throw new ScenarioRefusedException(
                        ErrorCodes.TooLittleHistory,
                        "generator_spec.plausibility_tail",
                        $"{metric.Dates.Count} days are too few to tell a tail from; widen the dates or take normal"
                    )
                ).DegreesOfFreedom,
                level
            ),
            { PlausibilityLevel: { } level } => PlausibilityLevel.Radius(dimension, level),
            _ => model.DefaultRadius,
        };
        return radius <= model.MaxRadius
            ? radius
            : throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                spec.PlausibilityLevel is null ? "generator_spec.radius" : "generator_spec.plausibility_level",
                $"radius {radius:0.####} in {dimension} dimensions is above the ceiling max_radius {model.MaxRadius} of threat model {model.Name} version {model.Version}"
            );
    }
}
