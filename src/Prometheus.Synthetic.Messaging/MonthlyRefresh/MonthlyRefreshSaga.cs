using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>The stored state of a monthly refresh. One per market family and month.</summary>
public sealed class MonthlyRefreshSaga : RefreshSaga
{
    /// <summary>Calendar month, <c>yyyy-MM</c>.</summary>
    public string Month { get; set; } = string.Empty;
}
