using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Messaging.Journal;
using Prometheus.Synthetic.Messaging.Policies;

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
) : InboundConsumer<FragilityComputed>(starter, gate)
{
    protected override Guid MessageIdOf(FragilityComputed message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(FragilityComputed message) =>
        new()
        {
            Category = ScenarioCategories.FragilityAdversarial,
            Markets = message.MarketId is null ? [] : [message.MarketId],
            AsOfDate = message.AsOfDate,
        };

    protected override async Task<Guid> HandleAsync(ConsumeContext context, FragilityComputed message, Guid messageId)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        RefreshOccasion occasion = RefreshOccasions.Occasion(message, today, options);
        RefreshPolicy policy = PolicyFor(policies, occasion.MarketId, p => p.Fragility, "fragility");
        Guid id = FragilityRefreshDecider.IdOf(occasion.MarketId, occasion.AsOfDate, occasion.ModelId!);
        RefreshPlan plan = await planner.PlanAsync(
            policy,
            policy.Fragility,
            occasion,
            messageId,
            context.CancellationToken
        );
        await Outgoing.DispatchAsync(
            context,
            new StartFragilityRefresh
            {
                RefreshId = id,
                MarketId = occasion.MarketId,
                AsOfDate = occasion.AsOfDate,
                ModelId = occasion.ModelId!,
                Policy = plan.Policy,
                CausationMessageId = messageId,
                Parts = plan.Parts,
                Unchanged = plan.Unchanged,
                Refused = plan.Refused,
                RetryOfRound = IsReplay(context)
                    ? (await sagas.FragilityAsync(id, context.CancellationToken))?.Progress?.Round
                    : null,
            }
        );
        return id;
    }
}
