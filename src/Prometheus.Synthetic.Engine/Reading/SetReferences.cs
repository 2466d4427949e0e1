using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Reading;

/// <summary>Finds the record behind an id.</summary>
public sealed class SetReferences(ScenarioSetStore sets)
{
    /// <exception cref="ScenarioRefusedException">The id is not known.</exception>
    public async Task<ScenarioSetDocument> RequireAsync(Guid id, CancellationToken ct) =>
        await sets.FindAsync(id, ct)
        ?? throw new ScenarioRefusedException(
            ErrorCodes.NotFound,
            "scenario_set_id",
            $"{id} is not a known scenario set; 'sets list' shows them"
        );
}
