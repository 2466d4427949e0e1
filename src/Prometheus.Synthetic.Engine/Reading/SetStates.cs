using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Reading;

/// <summary>What a state allows, and the sentence when it does not.</summary>
internal static class SetStates
{
    /// <exception cref="ScenarioRefusedException">The set's paths are not there; says why and what to do.</exception>
    public static void RequirePaths(ScenarioSetDocument set)
    {
        if (set.Status == ScenarioSetStatus.Sealed)
            return;
        throw WrongState(
            set,
            set.Status switch
            {
                ScenarioSetStatus.Evicted =>
                    $"its paths were evicted; './synthetic sets rehydrate {set.Id}' brings the identical bytes back",
                ScenarioSetStatus.Deleted => "it was deleted; only its record is left",
                ScenarioSetStatus.Generating => "it is still being generated; wait for ScenarioSetGenerated",
                _ => $"its generation {set.Status.ToString().ToLowerInvariant()}; it has no paths",
            }
        );
    }

    /// <exception cref="ScenarioRefusedException">The set was never sealed or is deleted.</exception>
    public static void RequireRecord(ScenarioSetDocument set)
    {
        if (set.Status is not (ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted))
            throw WrongState(
                set,
                $"its state is {set.Status.ToString().ToUpperInvariant()}; only SEALED and EVICTED sets can be treated so"
            );
    }

    public static ScenarioRefusedException WrongState(ScenarioSetDocument set, string problem) =>
        new(ErrorCodes.WrongState, "scenario_set_id", $"{set.Id} ({set.Name} version {set.Version}): {problem}");
}
