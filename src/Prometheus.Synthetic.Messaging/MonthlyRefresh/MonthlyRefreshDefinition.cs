using MassTransit;
using Prometheus.Synthetic.Messaging.Bus;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>Where the monthly refresh listens and how it is made reliable.</summary>
public sealed class MonthlyRefreshDefinition : SagaDefinition<MonthlyRefreshSaga>
{
    public MonthlyRefreshDefinition() => EndpointName = QueueNames.MonthlyRefresh;

    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator,
        ISagaConfigurator<MonthlyRefreshSaga> sagaConfigurator,
        IRegistrationContext context
    ) => Reliability.Apply(endpointConfigurator, context, Reliability.SagaConcurrency);
}
