using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Policies;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The monthly refresh of a market family.</summary>
public sealed class MonthlyRefreshDueConsumer(GenerationStarter starter) : InboundConsumer<MonthlyRefreshDue>(starter)
{
    protected override Guid MessageIdOf(MonthlyRefreshDue message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(MonthlyRefreshDue message) =>
        new() { Markets = message.MarketId is null ? [] : [message.MarketId], AsOfDate = message.AsOfDate };

    protected override Task HandleAsync(ConsumeContext context, MonthlyRefreshDue message, Guid messageId) =>
        Starter.StartAsync(context, BaselineRefresh.Request(message), messageId, Lanes.Batch);
}
