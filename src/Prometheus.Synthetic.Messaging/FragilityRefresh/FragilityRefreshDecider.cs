using System.Globalization;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>
/// What is particular to the fragility refresh: its key, and the event that ends it. Corrected scores of the same key
/// supersede a running refresh; another model's scores are another opinion and have a refresh of their own.
/// </summary>
public static class FragilityRefreshDecider
{
    /// <summary>One refresh per market, as-of date and model.</summary>
    public static Guid IdOf(string marketId, DateOnly asOf, string modelId) =>
        NameBasedGuid.Create(
            string.Create(CultureInfo.InvariantCulture, $"fragility-refresh:{marketId}:{asOf:yyyy-MM-dd}:{modelId}")
        );

    public static RefreshDecision On(RefreshProgress? state, StartFragilityRefresh start, DateTimeOffset now) =>
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

    public static FragilityRefreshCompleted Completion(RefreshProgress state, string modelId) =>
        new()
        {
            RefreshId = state.Start.RefreshId,
            MarketId = state.Start.MarketId,
            AsOfDate = state.Start.AsOfDate,
            ModelId = modelId,
            DefensiveTest = true,
            Round = state.Round,
            Outcome = state.Outcome(),
            Policy = state.Start.Policy,
            Sets = state.Sets(),
            Degraded = state.Degraded(),
            StartedAt = state.StartedAt,
            CompletedAt = state.ProgressedAt,
        };

    /// <summary>The message that began it, to be sent again by the reconciler or an operator.</summary>
    public static StartFragilityRefresh Again(RefreshProgress state, string modelId, int? retryOfRound = null) =>
        new()
        {
            RefreshId = state.Start.RefreshId,
            MarketId = state.Start.MarketId,
            AsOfDate = state.Start.AsOfDate,
            ModelId = modelId,
            Policy = state.Start.Policy,
            CausationMessageId = state.Start.CausationMessageId,
            Parts = state.Start.Parts,
            Unchanged = state.Start.Unchanged,
            Refused = state.Start.Refused,
            RetryOfRound = retryOfRound,
        };
}
