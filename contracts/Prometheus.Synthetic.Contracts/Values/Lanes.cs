namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>lane</c>: which shard queue a generation uses, so that nobody on demand waits behind a refresh.</summary>
public static class Lanes
{
    public const string Interactive = "interactive";
    public const string Batch = "batch";

    public static IReadOnlyList<string> All { get; } = [Interactive, Batch];
}
