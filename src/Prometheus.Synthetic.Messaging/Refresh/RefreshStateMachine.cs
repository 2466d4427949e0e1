using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;

namespace Prometheus.Synthetic.Messaging.Refresh;

/// <summary>Maps messages to <see cref="RefreshDecider"/> and its outputs to the bus; decides nothing itself.</summary>
/// <typeparam name="TSaga">The stored state.</typeparam>
/// <typeparam name="TStart">The message that begins the refresh.</typeparam>
public abstract class RefreshStateMachine<TSaga, TStart> : MassTransitStateMachine<TSaga>
    where TSaga : RefreshSaga
    where TStart : class
{
    private readonly TimeProvider _time;

    protected RefreshStateMachine(
        TimeProvider time,
        System.Linq.Expressions.Expression<Func<ConsumeContext<TStart>, Guid>> id
    )
    {
        _time = time;
        InstanceState(x => x.CurrentState);
        Func<ConsumeContext<TStart>, Guid> idOf = id.Compile();
        Event(() => Started, x => x.CorrelateById(c => idOf(c)));
        // Parts are told to both kinds of refresh; the one that knows the id takes it.
        Event(() => PartEnded, x => x.CorrelateById(c => c.Message.RefreshId).OnMissingInstance(m => m.Discard()));
        Event(() => CalledOff, x => x.CorrelateById(c => c.Message.RefreshId).OnMissingInstance(m => m.Discard()));

        Initially(When(Started).ThenAsync(Begin));
        foreach (State state in new[] { Running, Completed, Cancelled })
        {
            During(
                state,
                When(Started).ThenAsync(Begin),
                When(PartEnded).ThenAsync(c => Apply(c, RefreshDecider.On(c.Saga.Progress!, c.Message, Now))),
                When(CalledOff).ThenAsync(c => Apply(c, RefreshDecider.On(c.Saga.Progress!, c.Message, Now)))
            );
        }
    }

    public State Running { get; protected set; } = null!;
    public State Completed { get; protected set; } = null!;
    public State Cancelled { get; protected set; } = null!;

    public Event<TStart> Started { get; protected set; } = null!;
    public Event<RefreshPartEnded> PartEnded { get; protected set; } = null!;
    public Event<CancelRefresh> CalledOff { get; protected set; } = null!;

    private DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>What the message asks; what only this kind of refresh knows of it is kept in the saga.</summary>
    protected abstract RefreshStart Take(TSaga saga, TStart start);

    /// <summary>The event that ends a round.</summary>
    protected abstract object CompletionOf(TSaga saga, RefreshProgress progress);

    private Task Begin(BehaviorContext<TSaga, TStart> context) =>
        Apply(context, RefreshDecider.On(context.Saga.Progress, Take(context.Saga, context.Message), Now));

    private async Task Apply(BehaviorContext<TSaga> context, RefreshDecision decision)
    {
        context.Saga.Progress = decision.Next;
        string name = decision.Next.Stage.ToString();
        if (context.Saga.CurrentState != name)
            await context.TransitionToState(GetState(name));
        foreach (object output in decision.Outputs)
            await Outgoing.DispatchAsync(context, output);
        if (decision.Announce)
            await Outgoing.DispatchAsync(context, CompletionOf(context.Saga, decision.Next));
    }
}
