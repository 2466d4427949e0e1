namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>The worker's queues; all are durable quorum queues.</summary>
public static class QueueNames
{
    public const string FragilityComputed = "synthetic.fragility-computed";
    public const string MonthlyRefreshDue = "synthetic.monthly-refresh-due";
    public const string GenerateScenarioSet = "synthetic.generate-scenario-set";
    public const string Generation = "synthetic.scenario-set-generation";
    public const string Plan = "synthetic.plan-scenario-set";
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
        Plan,
        ShardsInteractive,
        ShardsBatch,
        Seal,
        Cancel,
    ];
}
