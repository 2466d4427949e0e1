using Marten;
using MassTransit;
using MassTransit.Saga;
using Npgsql;

namespace Prometheus.Synthetic.Messaging.Sagas;

/// <summary>Opens a transaction per message for sagas, and a read session for queries from outside.</summary>
public sealed class MartenSagaRepositoryContextFactory<TSaga>(
    NpgsqlDataSource dataSource,
    IDocumentStore store,
    ISagaConsumeContextFactory<SagaSession, TSaga> contexts
)
    : ISagaRepositoryContextFactory<TSaga>,
        IQuerySagaRepositoryContextFactory<TSaga>,
        ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class
    {
        await using SagaSession session = await SagaSession.OpenAsync(dataSource, store, context.CancellationToken);
        await next.Send(new MartenSagaRepositoryContext<TSaga, T>(session, context, contexts));
    }

    /// <summary>Our sagas correlate by id only; a query would lock nothing and lose updates.</summary>
    public Task SendQuery<T>(
        ConsumeContext<T> context,
        ISagaQuery<TSaga> query,
        IPipe<SagaRepositoryQueryContext<TSaga, T>> next
    )
        where T : class =>
        throw new NotSupportedException(
            $"{typeof(TSaga).Name} correlates by id; correlate {typeof(T).Name} by id too."
        );

    public async Task<T> Execute<T>(
        Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod,
        CancellationToken cancellationToken = default
    )
        where T : class
    {
        await using IQuerySession session = store.QuerySession();
        return await asyncMethod(new MartenSagaReadContext<TSaga>(session, cancellationToken));
    }

    public async Task<T> Execute<T>(
        Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod,
        CancellationToken cancellationToken = default
    )
        where T : class
    {
        await using IQuerySession session = store.QuerySession();
        return await asyncMethod(new MartenSagaReadContext<TSaga>(session, cancellationToken));
    }

    public void Probe(ProbeContext context) => context.Add("persistence", "marten");
}
