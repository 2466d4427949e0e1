namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>outcome</c> of a refresh that has ended.</summary>
public static class RefreshOutcomes
{
    /// <summary>Every part has its set.</summary>
    public const string Complete = "COMPLETE";

    /// <summary>At least one part has no set; the event says which and why.</summary>
    public const string Degraded = "DEGRADED";

    /// <summary>An operator called the refresh off; sets that were sealed before stay.</summary>
    public const string Cancelled = "CANCELLED";

    public static IReadOnlyList<string> All { get; } = [Complete, Degraded, Cancelled];
}
