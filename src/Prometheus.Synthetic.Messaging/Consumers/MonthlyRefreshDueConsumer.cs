using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The monthly refresh of a market family.</summary>
public sealed class MonthlyRefreshDueConsumer(GenerationStarter starter) : IConsumer<MonthlyRefreshDue>
{
    public async Task Consume(ConsumeContext<MonthlyRefreshDue> context)
    {
        MonthlyRefreshDue due = context.Message;
        Guid causationId = context.MessageId ?? NaturalKeys.MessageId(due);
        try
        {
            await starter.StartAsync(context, BaselineRefresh.Request(due), causationId, Lanes.Batch);
        }
        catch (ScenarioRefusedException refused)
        {
            var request = new GenerateScenarioSet
            {
                Markets = due.MarketId is null ? [] : [due.MarketId],
                AsOfDate = due.AsOfDate,
            };
            await starter.RefuseAsync(context, request, causationId, refused);
        }
    }
}
