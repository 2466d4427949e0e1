using MassTransit;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>The stored state of one generation; its id is the request id.</summary>
public sealed class ScenarioSetGenerationSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    /// <summary>Name of the <see cref="GenerationStage"/>.</summary>
    public string CurrentState { get; set; } = string.Empty;

    public GenerationProgress? Progress { get; set; }

    /// <summary>A cancellation that came before the request it is about.</summary>
    public ScenarioSetGenerationStopped? CalledOff { get; set; }
}
