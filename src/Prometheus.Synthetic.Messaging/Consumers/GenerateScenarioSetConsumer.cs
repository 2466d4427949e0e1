using MassTransit;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>On-demand requests; they have a lane of their own.</summary>
public sealed class GenerateScenarioSetConsumer(GenerationStarter starter) : IConsumer<GenerateScenarioSet>
{
    public Task Consume(ConsumeContext<GenerateScenarioSet> context) =>
        starter.StartAsync(
            context,
            context.Message,
            context.MessageId ?? NaturalKeys.MessageId(context.Message),
            Lanes.Interactive
        );
}
