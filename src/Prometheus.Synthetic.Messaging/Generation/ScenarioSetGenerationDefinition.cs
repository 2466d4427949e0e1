using MassTransit;
using Prometheus.Synthetic.Messaging.Bus;

namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>Where the generation listens and how it is made reliable.</summary>
public sealed class ScenarioSetGenerationDefinition : SagaDefinition<ScenarioSetGenerationSaga>
{
    public ScenarioSetGenerationDefinition() => EndpointName = QueueNames.Generation;

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator,
        ISagaConfigurator<ScenarioSetGenerationSaga> sagaConfigurator,
        IRegistrationContext context
    ) => Reliability.Apply(endpointConfigurator, context, Reliability.SagaConcurrency);
}
