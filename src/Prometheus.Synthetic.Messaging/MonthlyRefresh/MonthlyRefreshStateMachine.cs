using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>The monthly refresh as a saga: its own messages around <see cref="RefreshDecider"/>.</summary>
public sealed class MonthlyRefreshStateMachine(TimeProvider time)
    : RefreshStateMachine<MonthlyRefreshSaga, StartMonthlyRefresh>(time, c => c.Message.RefreshId)
{
    protected override RefreshStart Take(MonthlyRefreshSaga saga, StartMonthlyRefresh start)
    {
        saga.Month = start.Month;
        return MonthlyRefreshMessages.Read(start);
    }

    protected override object CompletionOf(MonthlyRefreshSaga saga, RefreshProgress progress) =>
        MonthlyRefreshMessages.Completion(progress, saga.Month);
}
