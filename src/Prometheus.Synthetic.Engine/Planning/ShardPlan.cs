namespace Prometheus.Synthetic.Engine.Planning;

/// <summary>
/// How a set is cut: the number of paths and the number of shards decide it, so that planner, saga and workers agree
/// without sending the cut around. The cut never changes a byte of the set.
/// </summary>
public sealed record ShardPlan
{
    private ShardPlan(int numPaths, int pathsPerShard)
    {
        NumPaths = numPaths;
        PathsPerShard = pathsPerShard;
    }

    public int NumPaths { get; }

    /// <summary>Paths in every shard but the last.</summary>
    public int PathsPerShard { get; }

    public int Count => (NumPaths + PathsPerShard - 1) / PathsPerShard;

    /// <summary>First path and number of paths of a shard.</summary>
    public (int First, int Count) Range(int shard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, Count);
        int first = shard * PathsPerShard;
        return (first, Math.Min(PathsPerShard, NumPaths - first));
    }

    /// <summary>Works on all shards, as many at once as there are processors.</summary>
    /// <param name="work">Of a shard, from its number, first path and number of paths on.</param>
    /// <param name="progress">Told how many are done, after each.</param>
    public async Task ForEachAsync(
        Func<int, int, int, CancellationToken, Task> work,
        Action<int>? progress,
        CancellationToken ct
    )
    {
        int done = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct },
            async (shard, token) =>
            {
                (int first, int count) = Range(shard);
                await work(shard, first, count, token);
                progress?.Invoke(Interlocked.Increment(ref done));
            }
        );
    }

    /// <summary>
    /// At most <paramref name="shards"/> shards of equal size. For the <see cref="Count"/> of any plan this gives the
    /// plan back: ⌈N/⌈N/⌈N/c⌉⌉⌉ = ⌈N/c⌉.
    /// </summary>
    public static ShardPlan ByCount(int numPaths, int shards) =>
        new(numPaths, (numPaths + Math.Clamp(shards, 1, numPaths) - 1) / Math.Clamp(shards, 1, numPaths));

    /// <summary>Shards of at most about <paramref name="shardCells"/> cells, at least one path each.</summary>
    public static ShardPlan ByCells(int numPaths, int horizonDays, int width, int shardCells)
    {
        long perPath = (long)horizonDays * width;
        int pathsPerShard = (int)Math.Clamp(shardCells / perPath, 1, numPaths);
        return ByCount(numPaths, (numPaths + pathsPerShard - 1) / pathsPerShard);
    }
}
