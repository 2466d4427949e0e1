using Prometheus.Synthetic.Engine.Configuration;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>What one request may ask for. A request beyond a limit is refused by the limit's name before any work.</summary>
public sealed record RequestLimits
{
    public int MaxPaths { get; init; } = 1_000_000;

    public int MaxMarkets { get; init; } = 20;

    public int MaxTags { get; init; } = 50;

    /// <summary>Cells of one set: paths × steps × drivers.</summary>
    public long MaxCells { get; init; } = 500_000_000;

    /// <summary>Cells generated, hashed and stored as one unit; bounds a worker's memory to about 8 bytes each per shard.</summary>
    public int ShardCells { get; init; } = 2_000_000;

    /// <summary>The limits as configured, the same for every program on one database.</summary>
    public static RequestLimits Read(SettingsReader settings)
    {
        var standard = new RequestLimits();
        return new RequestLimits
        {
            MaxPaths = settings.Whole("LIMITS__MAXPATHS", standard.MaxPaths, 1, 100_000_000),
            MaxMarkets = settings.Whole("LIMITS__MAXMARKETS", standard.MaxMarkets, 1, 1_000),
            MaxTags = settings.Whole("LIMITS__MAXTAGS", standard.MaxTags, 1, 1_000),
            MaxCells = settings.Whole("LIMITS__MAXCELLS", standard.MaxCells, 1, 100_000_000_000),
            ShardCells = settings.Whole("LIMITS__SHARDCELLS", standard.ShardCells, 1, 100_000_000),
        };
    }
}
