using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Policies;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The stability engines have spoken: adversarial sets against what is fragile now, for defence only.</summary>
public sealed class FragilityComputedConsumer(GenerationStarter starter) : InboundConsumer<FragilityComputed>(starter)
{
    protected override Guid MessageIdOf(FragilityComputed message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(FragilityComputed message) =>
        new()
        {
            Category = ScenarioCategories.FragilityAdversarial,
            Markets = message.MarketId is null ? [] : [message.MarketId],
            AsOfDate = message.AsOfDate,
        };

    protected override Task HandleAsync(ConsumeContext context, FragilityComputed message, Guid messageId) =>
        Starter.StartAsync(context, FragilityRefresh.Request(message), messageId, Lanes.Batch);
}
