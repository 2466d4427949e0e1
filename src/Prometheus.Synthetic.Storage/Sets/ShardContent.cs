using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>A generated shard, ready to store.</summary>
/// <param name="Values">[path][step 1..H][driver], first path first.</param>
/// <param name="Digests">32 bytes a path, in path order.</param>
/// <param name="Annotations">One per path, or empty when no path has any.</param>
public sealed record ShardContent(
    Guid ScenarioSetId,
    int Shard,
    int FirstPath,
    int PathCount,
    int HorizonDays,
    IReadOnlyList<Driver> Drivers,
    ReadOnlyMemory<double> Values,
    ReadOnlyMemory<byte> Digests,
    IReadOnlyList<PathAnnotation?> Annotations,
    double GenerationSeconds
)
{
    public int Width => Drivers.Count;
}

/// <summary>What became of an attempt to store a shard.</summary>
public enum StoreOutcome
{
    Stored,

    /// <summary>The manifest had it already: an earlier delivery of the same command did the work.</summary>
    AlreadyStored,

    /// <summary>The set is no longer generating (sealed, failed or cancelled): nothing was stored.</summary>
    NotGenerating,
}
