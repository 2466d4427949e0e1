namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>stage</c>: how far a generation has come.</summary>
public static class GenerationStages
{
    /// <summary>The universe is resolved, the calibration snapshot frozen, the shards laid out.</summary>
    public const string Planning = "PLANNING";

    /// <summary>Workers write shards.</summary>
    public const string Generating = "GENERATING";

    /// <summary>Every shard is stored; counts and hashes are checked and the version assigned.</summary>
    public const string Sealing = "SEALING";

    /// <summary>The set is visible and will never change.</summary>
    public const string Sealed = "SEALED";

    public static IReadOnlyList<string> All { get; } = [Planning, Generating, Sealing, Sealed];
}
