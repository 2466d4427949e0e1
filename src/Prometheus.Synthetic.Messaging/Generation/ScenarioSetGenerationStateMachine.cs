using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;

namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>Maps messages to <see cref="GenerationDecider"/> and its outputs to the bus; decides nothing itself.</summary>
public sealed class ScenarioSetGenerationStateMachine : MassTransitStateMachine<ScenarioSetGenerationSaga>
{
    private readonly TimeProvider _time;

    public ScenarioSetGenerationStateMachine(TimeProvider time)
    {
        _time = time;
        InstanceState(x => x.CurrentState);
        Event(() => Started, x => x.CorrelateById(c => c.Message.RequestId));
        Event(() => Planned, x => Known(x.CorrelateById(c => c.Message.RequestId)));
        Event(() => ShardDone, x => Known(x.CorrelateById(c => c.Message.RequestId)));
        Event(() => Generated, x => Known(x.CorrelateById(c => c.Message.RequestId)));
        Event(() => Stopped, x => x.CorrelateById(c => c.Message.RequestId));

        State[] all = [Planning, Generating, Sealing, Completed, Failed, Cancelled];
        Initially(
            When(Started).ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress, c.Message, Now))),
            When(Stopped, c => c.Message.State == FailureStates.Cancelled)
                .Then(c => c.Saga.CalledOff = c.Message)
                .TransitionTo(Cancelled),
            Ignore(Stopped, c => c.Message.State != FailureStates.Cancelled)
        );
        foreach (State state in all)
        {
            During(
                state,
                When(Started)
                    .ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress, c.Message, Now, c.Saga.CalledOff))),
                When(Planned, Known).ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress!, c.Message, Now))),
                When(ShardDone, Known).ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress!, c.Message, Now))),
                When(Generated, Known).ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress!, c.Message, Now))),
                When(Stopped, Known).ThenAsync(c => Apply(c, GenerationDecider.On(c.Saga.Progress!, c.Message, Now)))
            );
        }
    }

    public State Planning { get; private set; } = null!;
    public State Generating { get; private set; } = null!;
    public State Sealing { get; private set; } = null!;
    public State Completed { get; private set; } = null!;
    public State Failed { get; private set; } = null!;
    public State Cancelled { get; private set; } = null!;

    public Event<StartScenarioSetGeneration> Started { get; private set; } = null!;
    public Event<ScenarioSetPlanned> Planned { get; private set; } = null!;
    public Event<ShardGenerated> ShardDone { get; private set; } = null!;
    public Event<ScenarioSetGenerated> Generated { get; private set; } = null!;
    public Event<ScenarioSetGenerationStopped> Stopped { get; private set; } = null!;

    private DateTimeOffset Now => _time.GetUtcNow();

    private static bool Known<T>(BehaviorContext<ScenarioSetGenerationSaga, T> context)
        where T : class => context.Saga.Progress is not null;

    /// <summary>Sets made without a saga (in process) are announced too: what no saga waits for is not an error.</summary>
    private static void Known<T>(IEventCorrelationConfigurator<ScenarioSetGenerationSaga, T> correlation)
        where T : class => correlation.OnMissingInstance(m => m.Discard());

    private async Task Apply(BehaviorContext<ScenarioSetGenerationSaga> context, GenerationDecision decision)
    {
        context.Saga.Progress = decision.Next;
        await this.TransitionToState(context, decision.Next.Stage.ToString());
        foreach (object output in decision.Outputs)
            await Outgoing.DispatchAsync(context, output);
    }

    private async Task TransitionToState(BehaviorContext<ScenarioSetGenerationSaga> context, string name)
    {
        if (context.Saga.CurrentState != name)
            await context.TransitionToState(GetState(name));
    }
}
