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
        double radius = Radius(adversarial, model, space.Dimension);
        var plan = new AttackPlan(sample.Panel, space, targets, model, adversarial, shape.HorizonDays);
        return new AdversarialGenerator(space, plan, targets, adversarial, shape, radius);
    }

    private static double Radius(AdversarialSpec spec, ThreatModel model, int dimension)
    {
        double radius =
            spec.Radius
            ?? (spec.PlausibilityLevel is { } level ? PlausibilityLevel.Radius(dimension, level) : model.DefaultRadius);
        return radius <= model.MaxRadius
            ? radius
            : throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                spec.Radius is null ? "generator_spec.plausibility_level" : "generator_spec.radius",
                $"radius {radius:0.####} in {dimension} dimensions is above the ceiling max_radius {model.MaxRadius} of threat model {model.Name} version {model.Version}"
            );
    }
}
