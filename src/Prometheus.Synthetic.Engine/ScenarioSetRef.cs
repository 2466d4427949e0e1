using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine;

/// <summary>The specification's reference to a set (6.1), with its version.</summary>
/// <param name="Existed">True when an identical request had made the set before and nothing was generated now.</param>
public sealed record ScenarioSetRef(
    Guid ScenarioSetId,
    string Name,
    string Category,
    int Version,
    string ContentHash,
    bool Existed
)
{
    public static ScenarioSetRef Of(ScenarioSetDocument set, bool existed = false) =>
        new(set.Id, set.Name, set.Category, set.Version, set.ContentHash ?? string.Empty, existed);
}

/// <summary>How far a generation is.</summary>
/// <param name="Stage">planning, generating, sealing or sealed.</param>
public sealed record GenerationProgress(string Stage, Guid? ScenarioSetId, int ShardsDone, int ShardsTotal);
