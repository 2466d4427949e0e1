using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>What is particular to the monthly refresh: its key, and the event that ends it.</summary>
public static class MonthlyRefreshDecider
{
    /// <summary>One refresh per market family and month.</summary>
    public static Guid IdOf(string marketId, string month) =>
        NameBasedGuid.Create($"monthly-refresh:{marketId}:{month}");

    public static RefreshDecision On(RefreshProgress? state, StartMonthlyRefresh start, DateTimeOffset now) =>
        RefreshDecider.On(
            state,
            new RefreshStart(
                start.RefreshId,
                start.MarketId,
                start.AsOfDate,
                start.Policy,
                start.CausationMessageId,
                start.Parts,
                start.Unchanged,
                start.Refused,
                start.RetryOfRound
            ),
            now
        );

    public static MonthlyRefreshCompleted Completion(RefreshProgress state, string month) =>
        new()
        {
            RefreshId = state.Start.RefreshId,
            MarketId = state.Start.MarketId,
            Month = month,
            AsOfDate = state.Start.AsOfDate,
            Round = state.Round,
            Outcome = state.Outcome(),
            Policy = state.Start.Policy,
            Sets = state.Sets(),
            Degraded = state.Degraded(),
            StartedAt = state.StartedAt,
            CompletedAt = state.ProgressedAt,
        };

    /// <summary>The message that began it, to be sent again by the reconciler or an operator.</summary>
    public static StartMonthlyRefresh Again(RefreshProgress state, string month, int? retryOfRound = null) =>
        new()
        {
            RefreshId = state.Start.RefreshId,
            MarketId = state.Start.MarketId,
            Month = month,
            AsOfDate = state.Start.AsOfDate,
            Policy = state.Start.Policy,
            CausationMessageId = state.Start.CausationMessageId,
            Parts = state.Start.Parts,
            Unchanged = state.Start.Unchanged,
            Refused = state.Start.Refused,
            RetryOfRound = retryOfRound,
        };
}
