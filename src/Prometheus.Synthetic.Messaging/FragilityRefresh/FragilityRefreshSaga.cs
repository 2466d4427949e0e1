using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>The stored state of a fragility refresh. One per market, as-of date and model.</summary>
public sealed class FragilityRefreshSaga : RefreshSaga
{
    /// <summary>Model that made the scores.</summary>
    public string ModelId { get; set; } = string.Empty;
}
