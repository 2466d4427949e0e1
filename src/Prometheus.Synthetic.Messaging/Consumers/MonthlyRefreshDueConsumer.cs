using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The monthly refresh of a market family, by its policy.</summary>
public sealed class MonthlyRefreshDueConsumer(
    GenerationStarter starter,
    InboundGate gate,
    PolicyLibrary policies,
    RefreshPlanner planner,
    SagaStatusReader sagas,
    BusOptions options,
    TimeProvider time
) : RefreshConsumer<MonthlyRefreshDue>(starter, gate, policies, planner, sagas, options, time)
{
    protected override string Kind => "monthly";

    protected override Guid MessageIdOf(MonthlyRefreshDue message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(MonthlyRefreshDue message) =>
        new() { Markets = message.MarketId is null ? [] : [message.MarketId], AsOfDate = message.AsOfDate };

    protected override RefreshOccasion OccasionOf(MonthlyRefreshDue message, DateOnly today, BusOptions options) =>
        RefreshOccasions.Occasion(message, today, options);

    protected override IReadOnlyList<PolicyPart> PartsOf(RefreshPolicy policy) => policy.Monthly;

    protected override Guid IdOf(RefreshOccasion occasion) =>
        MonthlyRefreshMessages.IdOf(occasion.MarketId, occasion.Month!);

    protected override object StartOf(RefreshStart start, RefreshOccasion occasion) =>
        MonthlyRefreshMessages.Write(start, occasion.Month!);
}
