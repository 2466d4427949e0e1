using Marten;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Prometheus.Synthetic.Messaging.Sagas;

/// <summary>The saga as one message sees it: lock, load, save and commit.</summary>
internal sealed class MartenSagaRepositoryContext<TSaga, TMessage>(
    SagaSession session,
    ConsumeContext<TMessage> consumeContext,
    ISagaConsumeContextFactory<SagaSession, TSaga> contexts
) : ConsumeContextScope<TMessage>(consumeContext), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _consumeContext = consumeContext;

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(
        ConsumeContext<T> consumeContext,
        TSaga instance,
        SagaConsumeContextMode mode
    )
        where T : class => contexts.CreateSagaConsumeContext(session, consumeContext, instance, mode);

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId)
    {
        await session.LockAsync(correlationId, CancellationToken);
        TSaga? instance = await session.Documents.LoadAsync<TSaga>(correlationId, CancellationToken);
        return instance is null
            ? null!
            : await contexts.CreateSagaConsumeContext(session, _consumeContext, instance, SagaConsumeContextMode.Load);
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        contexts.CreateSagaConsumeContext(session, _consumeContext, instance, SagaConsumeContextMode.Add);

    /// <summary>Pre-insertion is not used: the lock in <see cref="Load"/> settles who creates.</summary>
    public Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance) =>
        Task.FromResult<SagaConsumeContext<TSaga, TMessage>>(null!);

    public Task Save(SagaConsumeContext<TSaga> context) => Store(context);

    public Task Update(SagaConsumeContext<TSaga> context) => Store(context);

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        session.Documents.Delete(context.Saga);
        return session.CommitAsync(CancellationToken);
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    private Task Store(SagaConsumeContext<TSaga> context)
    {
        session.Documents.Store(context.Saga);
        return session.CommitAsync(CancellationToken);
    }
}

/// <summary>Sagas as queries see them.</summary>
internal sealed class MartenSagaReadContext<TSaga>(IQuerySession session, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken),
        QuerySagaRepositoryContext<TSaga>,
        LoadSagaRepositoryContext<TSaga>
    where TSaga : class, ISaga
{
    public async Task<TSaga> Load(Guid correlationId) =>
        (await session.LoadAsync<TSaga>(correlationId, CancellationToken))!;

    public async Task<SagaRepositoryQueryContext<TSaga>> Query(
        ISagaQuery<TSaga> query,
        CancellationToken cancellationToken = default
    ) =>
        new LoadedSagaRepositoryQueryContext<TSaga>(
            this,
            await session.Query<TSaga>().Where(query.FilterExpression).ToListAsync(cancellationToken)
        );
}
