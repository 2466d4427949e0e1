using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Journal;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>On-demand requests; they have a lane of their own.</summary>
public sealed class GenerateScenarioSetConsumer(GenerationStarter starter, InboundGate gate)
    : InboundConsumer<GenerateScenarioSet>(starter, gate)
{
    protected override Guid MessageIdOf(GenerateScenarioSet message) => NaturalKeys.MessageId(message);

    protected override GenerateScenarioSet Describe(GenerateScenarioSet message) => message;

    protected override Task<Guid> HandleAsync(ConsumeContext context, GenerateScenarioSet message, Guid messageId) =>
        Starter.StartAsync(context, message, messageId, Lanes.Interactive);
}
