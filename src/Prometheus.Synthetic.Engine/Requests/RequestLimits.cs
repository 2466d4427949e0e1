namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>Limits on what one request may ask for. Configured under <c>Limits</c>; named in every refusal.</summary>
public sealed record RequestLimits
{
    public int MaxPaths { get; init; } = 1_000_000;

    public int MaxMarkets { get; init; } = 20;

    public int MaxTags { get; init; } = 50;

    /// <summary>Cells of one set: paths × steps × drivers.</summary>
    public long MaxCells { get; init; } = 500_000_000;

    /// <summary>Cells generated, hashed and stored as one unit; bounds a worker's memory to about 8 bytes each per shard.</summary>
    public int ShardCells { get; init; } = 2_000_000;
}
