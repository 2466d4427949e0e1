using MassTransit;

namespace Prometheus.Synthetic.Messaging.Tests.Sagas;

/// <summary>A message that may begin a tally.</summary>
public sealed record TallyBegun(Guid Id, int Number);

/// <summary>A message for a tally that has begun.</summary>
public sealed record TallyAdded(Guid Id, int Number);

/// <summary>Changes the saga, then fails.</summary>
public sealed record TallySpoilt(Guid Id);

public sealed record TallyClosed(Guid Id);

/// <summary>Remembers every number it was sent: a lost update shows as a missing number.</summary>
public sealed class Tally : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = string.Empty;

    public List<int> Seen { get; set; } = [];
}

public sealed class TallyStateMachine : MassTransitStateMachine<Tally>
{
    public TallyStateMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Begun, x => x.CorrelateById(c => c.Message.Id));
        Event(() => Added, x => x.CorrelateById(c => c.Message.Id));
        Event(() => Spoilt, x => x.CorrelateById(c => c.Message.Id));
        Event(() => Closed, x => x.CorrelateById(c => c.Message.Id));
        Initially(When(Begun).Then(c => c.Saga.Seen.Add(c.Message.Number)).TransitionTo(Open));
        During(
            Open,
            When(Begun).Then(c => c.Saga.Seen.Add(c.Message.Number)),
            When(Added).Then(c => c.Saga.Seen.Add(c.Message.Number)),
            When(Spoilt)
                .Then(c => c.Saga.Seen.Clear())
                .Then(_ => throw new InvalidOperationException("spoilt on purpose")),
            When(Closed).Finalize()
        );
        SetCompletedWhenFinalized();
    }

    public State Open { get; private set; } = null!;

    public Event<TallyBegun> Begun { get; private set; } = null!;

    public Event<TallyAdded> Added { get; private set; } = null!;

    public Event<TallySpoilt> Spoilt { get; private set; } = null!;

    public Event<TallyClosed> Closed { get; private set; } = null!;
}
