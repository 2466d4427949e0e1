using MassTransit;
using Prometheus.Synthetic.Messaging.Bus;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>Where the fragility refresh listens and how it is made reliable.</summary>
public sealed class FragilityRefreshDefinition : SagaDefinition<FragilityRefreshSaga>
{
    public FragilityRefreshDefinition() => EndpointName = QueueNames.FragilityRefresh;

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator,
        ISagaConfigurator<FragilityRefreshSaga> sagaConfigurator,
        IRegistrationContext context
    ) => Reliability.Apply(endpointConfigurator, context, Reliability.SagaConcurrency);
}
