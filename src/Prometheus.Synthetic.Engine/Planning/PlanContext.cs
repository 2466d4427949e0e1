namespace Prometheus.Synthetic.Engine.Planning;

/// <summary>Who asked, and which message led to it; recorded with the set.</summary>
/// <param name="RequestedBy">User or "system".</param>
/// <param name="CausationId">Id of the message that caused the generation.</param>
/// <param name="Shards">A given number of shards, or null to cut by cells.</param>
public sealed record PlanContext(
    string RequestedBy,
    Guid? CorrelationId = null,
    Guid? CausationId = null,
    int? Shards = null
);
