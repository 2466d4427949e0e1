using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Lifecycle;

/// <summary>The sentence when a set is in other hands.</summary>
internal static class HoldRefusals
{
    /// <exception cref="ScenarioRefusedException">Somebody else changes or compares the set.</exception>
    public static async Task<IAsyncDisposable> RequireAloneAsync(this SetHolds holds, Guid id, CancellationToken ct) =>
        await holds.TryTakeAsync(id, ct)
        ?? throw new ScenarioRefusedException(
            ErrorCodes.Conflict,
            "scenario_set_id",
            $"{id} is being evicted, rehydrated, deleted, verified or exported at this moment; try again"
        );
}
