namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>The worker's queues; all are durable quorum queues.</summary>
public static class QueueNames
{
    public const string FragilityComputed = "synthetic.fragility-computed";
    public const string MonthlyRefreshDue = "synthetic.monthly-refresh-due";
    public const string GenerateScenarioSet = "synthetic.generate-scenario-set";
    public const string Generation = "synthetic.scenario-set-generation";
    public const string MonthlyRefresh = "synthetic.monthly-refresh";
    public const string FragilityRefresh = "synthetic.fragility-refresh";
    public const string PlanInteractive = "synthetic.plan-scenario-set.interactive";
    public const string PlanBatch = "synthetic.plan-scenario-set.batch";
    public const string ShardsInteractive = "synthetic.generate-shard.interactive";
    public const string ShardsBatch = "synthetic.generate-shard.batch";
    public const string Seal = "synthetic.seal-scenario-set";
    public const string Cancel = "synthetic.cancel-scenario-set-generation";

    public static IReadOnlyList<string> All { get; } =
    [
        FragilityComputed,
        MonthlyRefreshDue,
        GenerateScenarioSet,
        Generation,
        MonthlyRefresh,
        FragilityRefresh,
        PlanInteractive,
        PlanBatch,
        ShardsInteractive,
        ShardsBatch,
        Seal,
        Cancel,
    ];

    /// <summary>Queues of messages between our own parts.</summary>
    public static IReadOnlyList<string> Internal { get; } =
    [.. All.Except([FragilityComputed, MonthlyRefreshDue, GenerateScenarioSet], StringComparer.Ordinal)];

    /// <summary>Beside a queue: what failed for good.</summary>
    public const string ErrorSuffix = "_error";

    /// <summary>Beside a queue: what nobody there understands.</summary>
    public const string SkippedSuffix = "_skipped";
}
