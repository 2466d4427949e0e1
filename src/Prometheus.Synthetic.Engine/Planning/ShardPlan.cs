namespace Prometheus.Synthetic.Engine.Planning;

/// <summary>How a set is cut. The cut never changes a byte of the set.</summary>
/// <param name="PathsPerShard">Paths in every shard but the last.</param>
public sealed record ShardPlan(int NumPaths, int PathsPerShard)
{
    public int Count => (NumPaths + PathsPerShard - 1) / PathsPerShard;

    /// <summary>First path and number of paths of a shard.</summary>
    public (int First, int Count) Range(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Count);
        int first = shard * PathsPerShard;
        return (first, Math.Min(PathsPerShard, NumPaths - first));
    }

    /// <summary>Shards of about <paramref name="shardCells"/> cells, at least one path each.</summary>
    public static ShardPlan ByCells(int numPaths, int horizonDays, int width, int shardCells)
    {
        long perPath = (long)horizonDays * width;
        return new ShardPlan(numPaths, (int)Math.Clamp(shardCells / perPath, 1, numPaths));
    }

    /// <summary>At most the given number of shards.</summary>
    public static ShardPlan ByCount(int numPaths, int shards) => new(numPaths, (numPaths + shards - 1) / shards);
}
