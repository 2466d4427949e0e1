using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The stability engines have spoken: adversarial sets against what is fragile now, for defence only.</summary>
public sealed class FragilityComputedConsumer(
    GenerationStarter starter,
    InboundGate gate,
    PolicyLibrary policies,
    RefreshPlanner planner,
    SagaStatusReader sagas,
    BusOptions options,
    TimeProvider time
) : RefreshConsumer<FragilityComputed>(starter, gate, policies, planner, sagas, options, time)
{
    protected override string Kind => "fragility";

    protected override Guid MessageIdOf(FragilityComputed message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(FragilityComputed message) =>
        new()
        {
            Category = ScenarioCategories.FragilityAdversarial,
            Markets = message.MarketId is null ? [] : [message.MarketId],
            AsOfDate = message.AsOfDate,
        };

    protected override RefreshOccasion OccasionOf(FragilityComputed message, DateOnly today, BusOptions options) =>
        RefreshOccasions.Occasion(message, today, options);

    protected override IReadOnlyList<PolicyPart> PartsOf(RefreshPolicy policy) => policy.Fragility;

    protected override Guid IdOf(RefreshOccasion occasion) =>
        FragilityRefreshMessages.IdOf(occasion.MarketId, occasion.AsOfDate, occasion.ModelId!);

    protected override object StartOf(RefreshStart start, RefreshOccasion occasion) =>
        FragilityRefreshMessages.Write(start, occasion.ModelId!);
}
