using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// Category CUSTOM: paths written by hand in a definition, brought in from a file, mixed from sealed sets, or a sealed
/// set under views.
/// </summary>
/// <param name="families">The families of the sets that are combined.</param>
public sealed class CustomFamily(Func<ScenarioFamilies> families) : IScenarioFamily
{
    private readonly GivenPathsFamily _given = new();

    public string Category => ScenarioCategory.Custom;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) =>
        GivenPathsSpec.Is(generatorSpec) ? _given.ParseSpec(generatorSpec) : CustomSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        if (spec is not CustomSpec custom)
            return _given.Calibrate(snapshot, spec, shape, regimeFilter);
        if (custom.ViewsOn is { } id)
        {
            BaseSet set = SetOf(snapshot, id);
            return new ViewsGenerator(BaseSetGenerator.Of(set, families()), set, custom.Views, shape);
        }

        if (custom.Mixture.Count > 0)
            return Mix(snapshot, custom, shape);
        CustomDefinition definition =
            custom.Definition
            ?? throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "generator_spec.definition",
                "the definition was named but not resolved; requests that go through the engine have it embedded"
            );
        return new CustomPathsGenerator(definition, RegimeRestriction.Restrict(snapshot, regimeFilter).Panel, shape);
    }

    private MixtureGenerator Mix(CalibrationSnapshot snapshot, CustomSpec custom, GenerationShape shape)
    {
        BaseSet[] sets = [.. custom.Mixture.Select(m => SetOf(snapshot, m.Id))];
        if (sets.FirstOrDefault(s => s.HorizonDays < shape.HorizonDays) is { } shorter)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "horizon_days",
                $"{shape.HorizonDays} steps are asked for; {shorter.Name} version {shorter.Version} has {shorter.HorizonDays}"
            );
        if (shape.NumPaths < sets.Length)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "num_paths",
                $"{shape.NumPaths} paths cannot hold one of each of {sets.Length} sets"
            );
        return new MixtureGenerator(
            sets,
            [.. sets.Select(s => BaseSetGenerator.Of(s, families()))],
            [.. custom.Mixture.Select(m => m.Weight)],
            custom.CommonDrivers,
            shape
        );
    }

    private static BaseSet SetOf(CalibrationSnapshot snapshot, Guid id) =>
        snapshot.BaseSets.FirstOrDefault(b => b.ScenarioSetId == id)
        ?? throw new InvalidOperationException($"Base set {id} is not in the snapshot.");
}
