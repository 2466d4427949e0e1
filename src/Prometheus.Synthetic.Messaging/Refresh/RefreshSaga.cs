using MassTransit;

namespace Prometheus.Synthetic.Messaging.Refresh;

/// <summary>The stored state of a refresh, whichever it is; its id is the refresh id.</summary>
public abstract class RefreshSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    /// <summary>Name of the <see cref="RefreshStage"/>.</summary>
    public string CurrentState { get; set; } = string.Empty;

    public RefreshProgress? Progress { get; set; }
}
