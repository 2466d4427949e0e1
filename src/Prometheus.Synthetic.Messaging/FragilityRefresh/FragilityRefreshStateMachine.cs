using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>The fragility refresh as a saga: see <see cref="FragilityRefreshDecider"/> for what it decides.</summary>
public sealed class FragilityRefreshStateMachine(TimeProvider time)
    : RefreshStateMachine<FragilityRefreshSaga, StartFragilityRefresh>(time, c => c.Message.RefreshId)
{
    protected override RefreshDecision Decide(FragilityRefreshSaga saga, StartFragilityRefresh start)
    {
        saga.ModelId = start.ModelId;
        return FragilityRefreshDecider.On(saga.Progress, start, Now);
    }

    protected override object CompletionOf(FragilityRefreshSaga saga, RefreshProgress progress) =>
        FragilityRefreshDecider.Completion(progress, saga.ModelId);
}
