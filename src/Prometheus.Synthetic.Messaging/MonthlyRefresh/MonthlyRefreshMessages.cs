using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.MonthlyRefresh;

/// <summary>What is particular to the monthly refresh: its key, and how its messages say what both kinds share.</summary>
public static class MonthlyRefreshMessages
{
    /// <summary>One refresh per market family and month.</summary>
    public static Guid IdOf(string marketId, string month) =>
        NameBasedGuid.Create($"monthly-refresh:{marketId}:{month}");

    /// <summary>What the message asks, in the shape that decisions take.</summary>
    public static RefreshStart Read(StartMonthlyRefresh start) =>
        new(
            start.RefreshId,
            start.MarketId,
            start.AsOfDate,
            start.Policy,
            start.CausationMessageId,
            start.Parts,
            start.Unchanged,
            start.Refused,
            start.RetryOfRound
        );

    /// <summary>The message that asks it: for the first time, or again by the reconciler or an operator.</summary>
    public static StartMonthlyRefresh Write(RefreshStart start, string month) =>
        new()
        {
            RefreshId = start.RefreshId,
            MarketId = start.MarketId,
            Month = month,
            AsOfDate = start.AsOfDate,
            Policy = start.Policy,
            CausationMessageId = start.CausationMessageId,
            Parts = start.Parts,
            Unchanged = start.Unchanged,
            Refused = start.Refused,
            RetryOfRound = start.RetryOfRound,
        };

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
}
