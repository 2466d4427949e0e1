using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Engine.Reading;
using Prometheus.Synthetic.Scenarios.Diagnostics;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Diagnostics;

/// <summary>
/// Compares two sealed sets. Their sampled paths are generated anew from the records, so evicted sets compare as well,
/// and nothing is read from the path tables.
/// </summary>
public sealed class SetComparer(CalibratedGenerators generators)
{
    /// <exception cref="ScenarioRefusedException">A set was never sealed or is deleted; the sets have no common driver.</exception>
    public async Task<SetComparison> CompareAsync(
        ScenarioSetDocument first,
        ScenarioSetDocument second,
        CancellationToken ct
    )
    {
        SetStates.RequireRecord(first);
        SetStates.RequireRecord(second);
        return SetComparison.Of(await PartAsync(first, ct), await PartAsync(second, ct), ct);
    }

    private async Task<(IPathGenerator, GenerationShape)> PartAsync(ScenarioSetDocument set, CancellationToken ct) =>
        (await generators.ForAsync(set, ct), new GenerationShape(set.NumPaths, set.HorizonDays, set.Seed));
}
