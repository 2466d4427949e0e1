using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>The fragility refresh as a saga: its own messages around <see cref="RefreshDecider"/>.</summary>
public sealed class FragilityRefreshStateMachine(TimeProvider time)
    : RefreshStateMachine<FragilityRefreshSaga, StartFragilityRefresh>(time, c => c.Message.RefreshId)
{
    protected override RefreshStart Take(FragilityRefreshSaga saga, StartFragilityRefresh start)
    {
        saga.ModelId = start.ModelId;
        return FragilityRefreshMessages.Read(start);
    }

    protected override object CompletionOf(FragilityRefreshSaga saga, RefreshProgress progress) =>
        FragilityRefreshMessages.Completion(progress, saga.ModelId);
}
