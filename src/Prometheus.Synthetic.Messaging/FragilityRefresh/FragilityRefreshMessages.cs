using System.Globalization;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Refresh;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.FragilityRefresh;

/// <summary>
/// What is particular to the fragility refresh: its key, and how its messages say what both kinds share. Corrected scores
/// of the same key supersede a running refresh; another model's scores are another opinion and have a refresh of their own.
/// </summary>
public static class FragilityRefreshMessages
{
    /// <summary>One refresh per market, as-of date and model.</summary>
    public static Guid IdOf(string marketId, DateOnly asOf, string modelId) =>
        NameBasedGuid.Create(
            string.Create(CultureInfo.InvariantCulture, $"fragility-refresh:{marketId}:{asOf:yyyy-MM-dd}:{modelId}")
        );

    /// <summary>What the message asks, in the shape that decisions take.</summary>
    public static RefreshStart Read(StartFragilityRefresh start) =>
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
    public static StartFragilityRefresh Write(RefreshStart start, string modelId) =>
        new()
        {
            RefreshId = start.RefreshId,
            MarketId = start.MarketId,
            ModelId = modelId,
            AsOfDate = start.AsOfDate,
            Policy = start.Policy,
            CausationMessageId = start.CausationMessageId,
            Parts = start.Parts,
            Unchanged = start.Unchanged,
            Refused = start.Refused,
            RetryOfRound = start.RetryOfRound,
        };

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
}
