using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>What a refresh is about: the event as the policy sees it.</summary>
/// <param name="Month"><c>yyyy-MM</c> of a monthly refresh.</param>
/// <param name="ModelId">Model of the scores of a fragility refresh.</param>
/// <param name="Targets">Top targets as the event gave them; null when they are read from the tables.</param>
/// <param name="Force">Make new versions although identical sets exist.</param>
public sealed record RefreshOccasion(
    string MarketId,
    DateOnly AsOfDate,
    string? Month = null,
    string? ModelId = null,
    IReadOnlyList<FragileTarget>? Targets = null,
    bool Force = false
);
