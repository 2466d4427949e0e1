using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>The monthly refresh as a saga: see <see cref="MonthlyRefreshDecider"/> for what it decides.</summary>
public sealed class MonthlyRefreshStateMachine(TimeProvider time)
    : RefreshStateMachine<MonthlyRefreshSaga, StartMonthlyRefresh>(time, c => c.Message.RefreshId)
{
    protected override RefreshDecision Decide(MonthlyRefreshSaga saga, StartMonthlyRefresh start)
    {
        saga.Month = start.Month;
        return MonthlyRefreshDecider.On(saga.Progress, start, Now);
    }

    protected override object CompletionOf(MonthlyRefreshSaga saga, RefreshProgress progress) =>
        MonthlyRefreshDecider.Completion(progress, saga.Month);
}
