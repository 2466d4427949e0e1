using Marten;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Messaging.Sagas;

/// <summary>Registers Marten as the place where a saga lives.</summary>
public static class MartenSagaRepository
{
    public static ISagaRegistrationConfigurator<TSaga> InMarten<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator
    )
        where TSaga : class, ISaga
    {
        configurator.Repository(r =>
        {
            r.RegisterLoadSagaRepository<TSaga, MartenSagaRepositoryContextFactory<TSaga>>();
            r.RegisterQuerySagaRepository<TSaga, MartenSagaRepositoryContextFactory<TSaga>>();
            r.RegisterSagaRepository<
                TSaga,
                SagaSession,
                SagaConsumeContextFactory<SagaSession, TSaga>,
                MartenSagaRepositoryContextFactory<TSaga>
            >();
        });
        return configurator;
    }
}

/// <summary>The saga's document: its id is the correlation id.</summary>
/// <param name="alias">Table suffix, stable through renames of the class.</param>
public sealed class SagaDocument<TSaga>(string alias) : IDocumentRegistration
    where TSaga : class, ISaga
{
    public void Register(StoreOptions options) =>
        options.Schema.For<TSaga>().Identity(x => x.CorrelationId).DocumentAlias(alias);
}
