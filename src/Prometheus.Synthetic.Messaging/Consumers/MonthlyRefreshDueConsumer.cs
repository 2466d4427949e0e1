using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Messaging.Policies;

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
) : InboundConsumer<MonthlyRefreshDue>(starter, gate)
{
    protected override Guid MessageIdOf(MonthlyRefreshDue message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(MonthlyRefreshDue message) =>
        new() { Markets = message.MarketId is null ? [] : [message.MarketId], AsOfDate = message.AsOfDate };

    protected override async Task<Guid> HandleAsync(ConsumeContext context, MonthlyRefreshDue message, Guid messageId)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        RefreshOccasion occasion = RefreshOccasions.Occasion(message, today, options);
        RefreshPolicy policy = PolicyFor(policies, occasion.MarketId, p => p.Monthly, "monthly");
        Guid id = MonthlyRefreshDecider.IdOf(occasion.MarketId, occasion.Month!);
        RefreshPlan plan = await planner.PlanAsync(
            policy,
            policy.Monthly,
            occasion,
            messageId,
            context.CancellationToken
        );
        await Outgoing.DispatchAsync(
            context,
            new StartMonthlyRefresh
            {
                RefreshId = id,
                MarketId = occasion.MarketId,
                Month = occasion.Month!,
                AsOfDate = occasion.AsOfDate,
                Policy = plan.Policy,
                CausationMessageId = messageId,
                Parts = plan.Parts,
                Unchanged = plan.Unchanged,
                Refused = plan.Refused,
                RetryOfRound = IsReplay(context)
                    ? (await sagas.MonthlyAsync(id, context.CancellationToken))?.Progress?.Round
                    : null,
            }
        );
        return id;
    }
}
