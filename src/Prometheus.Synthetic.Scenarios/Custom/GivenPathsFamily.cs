using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>The part of category CUSTOM whose paths are given rather than generated.</summary>
public sealed class GivenPathsFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.Custom;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => GivenPathsSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        IGivenPaths given =
            snapshot.Given
            ?? throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                "generator_spec.source",
                "given paths are brought in by 'sets import'; they cannot be asked for by a request"
            );
        if (given.NumPaths != shape.NumPaths || given.HorizonDays != shape.HorizonDays)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "num_paths",
                $"{shape.NumPaths} paths × {shape.HorizonDays} steps are asked for; given are {given.NumPaths} × {given.HorizonDays}"
            );
        return new GivenPathsGenerator(snapshot.Panel.Drivers, given);
    }
}
