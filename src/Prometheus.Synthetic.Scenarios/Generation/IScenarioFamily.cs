using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>
/// A scenario family of the specification's chapter 4. Parsing is strict and happens before any work; calibration is
/// done once per set and process; generation is a pure function of the path number. Implementations hold no state.
/// </summary>
public interface IScenarioFamily
{
    /// <summary>One of <see cref="ScenarioCategory"/>.</summary>
    string Category { get; }

    /// <summary>Reads a <c>generator_spec</c> (the key <c>seed</c> is read by the caller and is not in it).</summary>
    /// <exception cref="ScenarioRefusedException">Every unknown key, wrong type and value out of range, at once.</exception>
    IGeneratorSpec ParseSpec(JsonElement? generatorSpec);

    /// <summary>Fits the generator to the frozen data.</summary>
    /// <param name="regimeFilter">Allowed regime labels, or null for no filter.</param>
    /// <exception cref="ScenarioRefusedException">The data cannot carry the request; says what is short and by how much.</exception>
    IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    );
}

/// <summary>A parsed generator spec of one family.</summary>
public interface IGeneratorSpec
{
    DataNeeds Needs { get; }
}
