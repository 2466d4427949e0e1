namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Every message and its pinned names. The literals stand here on purpose: a publisher in another language has them in
/// its configuration, so no renaming of a type or a namespace may change them.
/// </summary>
public static class ContractNames
{
    /// <summary>Namespace of every message id that is derived from a natural key (RFC 9562, version 5).</summary>
    public static readonly Guid MessageIdNamespace = new("6f1d3c58-7a0e-5b52-9d8b-170517051705");

    /// <summary>Content type of every body.</summary>
    public const string ContentType = "application/json";

    /// <summary>All messages: inbound, outbound, internal.</summary>
    public static IReadOnlyList<ContractName> All { get; } =
    [
        new(
            typeof(FragilityComputed),
            "fragility-computed",
            "prometheus.fragility-computed",
            "urn:message:Prometheus.Synthetic.Contracts:FragilityComputed",
            "fragility-computed.schema.json",
            ContractDirection.Inbound
        ),
        new(
            typeof(MonthlyRefreshDue),
            "monthly-refresh-due",
            "prometheus.monthly-refresh-due",
            "urn:message:Prometheus.Synthetic.Contracts:MonthlyRefreshDue",
            "monthly-refresh-due.schema.json",
            ContractDirection.Inbound
        ),
        new(
            typeof(GenerateScenarioSet),
            "generate-scenario-set",
            "prometheus.generate-scenario-set",
            "urn:message:Prometheus.Synthetic.Contracts:GenerateScenarioSet",
            "generate-scenario-set.schema.json",
            ContractDirection.Inbound
        ),
        new(
            typeof(ScenarioSetGenerated),
            "scenario-set-generated",
            "prometheus.scenario-set-generated",
            "urn:message:Prometheus.Synthetic.Contracts:ScenarioSetGenerated",
            "scenario-set-generated.schema.json",
            ContractDirection.Outbound
        ),
        new(
            typeof(ScenarioSetGenerationFailed),
            "scenario-set-generation-failed",
            "prometheus.scenario-set-generation-failed",
            "urn:message:Prometheus.Synthetic.Contracts:ScenarioSetGenerationFailed",
            "scenario-set-generation-failed.schema.json",
            ContractDirection.Outbound
        ),
        new(
            typeof(ScenarioSetProgressed),
            "scenario-set-progressed",
            "prometheus.scenario-set-progressed",
            "urn:message:Prometheus.Synthetic.Contracts:ScenarioSetProgressed",
            "scenario-set-progressed.schema.json",
            ContractDirection.Outbound
        ),
        new(
            typeof(MonthlyRefreshCompleted),
            "monthly-refresh-completed",
            "prometheus.monthly-refresh-completed",
            "urn:message:Prometheus.Synthetic.Contracts:MonthlyRefreshCompleted",
            "monthly-refresh-completed.schema.json",
            ContractDirection.Outbound
        ),
        new(
            typeof(FragilityRefreshCompleted),
            "fragility-refresh-completed",
            "prometheus.fragility-refresh-completed",
            "urn:message:Prometheus.Synthetic.Contracts:FragilityRefreshCompleted",
            "fragility-refresh-completed.schema.json",
            ContractDirection.Outbound
        ),
        new(
            typeof(StartScenarioSetGeneration),
            "start-scenario-set-generation",
            "prometheus.start-scenario-set-generation",
            "urn:message:Prometheus.Synthetic.Contracts:StartScenarioSetGeneration",
            "start-scenario-set-generation.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(PlanScenarioSet),
            "plan-scenario-set",
            "prometheus.plan-scenario-set",
            "urn:message:Prometheus.Synthetic.Contracts:PlanScenarioSet",
            "plan-scenario-set.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(ScenarioSetPlanned),
            "scenario-set-planned",
            "prometheus.scenario-set-planned",
            "urn:message:Prometheus.Synthetic.Contracts:ScenarioSetPlanned",
            "scenario-set-planned.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(GenerateShard),
            "generate-shard",
            "prometheus.generate-shard",
            "urn:message:Prometheus.Synthetic.Contracts:GenerateShard",
            "generate-shard.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(ShardGenerated),
            "shard-generated",
            "prometheus.shard-generated",
            "urn:message:Prometheus.Synthetic.Contracts:ShardGenerated",
            "shard-generated.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(SealScenarioSet),
            "seal-scenario-set",
            "prometheus.seal-scenario-set",
            "urn:message:Prometheus.Synthetic.Contracts:SealScenarioSet",
            "seal-scenario-set.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(CancelScenarioSetGeneration),
            "cancel-scenario-set-generation",
            "prometheus.cancel-scenario-set-generation",
            "urn:message:Prometheus.Synthetic.Contracts:CancelScenarioSetGeneration",
            "cancel-scenario-set-generation.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(ScenarioSetGenerationStopped),
            "scenario-set-generation-stopped",
            "prometheus.scenario-set-generation-stopped",
            "urn:message:Prometheus.Synthetic.Contracts:ScenarioSetGenerationStopped",
            "scenario-set-generation-stopped.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(StartMonthlyRefresh),
            "start-monthly-refresh",
            "prometheus.start-monthly-refresh",
            "urn:message:Prometheus.Synthetic.Contracts:StartMonthlyRefresh",
            "start-monthly-refresh.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(StartFragilityRefresh),
            "start-fragility-refresh",
            "prometheus.start-fragility-refresh",
            "urn:message:Prometheus.Synthetic.Contracts:StartFragilityRefresh",
            "start-fragility-refresh.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(RefreshPartEnded),
            "refresh-part-ended",
            "prometheus.refresh-part-ended",
            "urn:message:Prometheus.Synthetic.Contracts:RefreshPartEnded",
            "refresh-part-ended.schema.json",
            ContractDirection.Internal
        ),
        new(
            typeof(CancelRefresh),
            "cancel-refresh",
            "prometheus.cancel-refresh",
            "urn:message:Prometheus.Synthetic.Contracts:CancelRefresh",
            "cancel-refresh.schema.json",
            ContractDirection.Internal
        ),
    ];

    private static readonly Dictionary<Type, ContractName> ByType = All.ToDictionary(c => c.Type);
    private static readonly Dictionary<string, ContractName> ByUrn = All.ToDictionary(c => c.Urn);
    private static readonly Dictionary<string, ContractName> ByExchange = All.ToDictionary(c => c.Exchange);

    /// <summary>The names of a message type.</summary>
    /// <exception cref="KeyNotFoundException">The type is not a message of this contract.</exception>
    public static ContractName Of<T>() => Of(typeof(T));

    /// <inheritdoc cref="Of{T}"/>
    public static ContractName Of(Type type) =>
        Find(type) ?? throw new KeyNotFoundException($"{type} is not a message of this contract.");

    /// <summary>The names of a message type; null for any other type.</summary>
    public static ContractName? Find(Type type) => ByType.GetValueOrDefault(type);

    /// <summary>The message behind a URN; null when it is foreign.</summary>
    public static ContractName? FindByUrn(string urn) => ByUrn.GetValueOrDefault(urn);

    /// <summary>The message behind an exchange; null when it is foreign.</summary>
    public static ContractName? FindByExchange(string exchange) => ByExchange.GetValueOrDefault(exchange);
}
