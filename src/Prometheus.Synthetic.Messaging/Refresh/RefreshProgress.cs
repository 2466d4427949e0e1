using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Refresh;

/// <summary>Where a refresh stands. Names are the sagas' states.</summary>
public enum RefreshStage
{
    Running,
    Completed,
    Cancelled,
}

/// <summary>What both refreshes know of one event: what is asked, laid out in parts.</summary>
public sealed record RefreshStart(
    Guid RefreshId,
    string MarketId,
    DateOnly AsOfDate,
    PolicyReference Policy,
    Guid CausationMessageId,
    IReadOnlyList<RefreshPart> Parts,
    IReadOnlyList<RefreshedSet> Unchanged,
    IReadOnlyList<RefreshShortfall> Refused,
    int? RetryOfRound
);

/// <summary>One part on its way. At most one of <see cref="Set"/> and <see cref="Shortfall"/> is there; neither while it runs.</summary>
public sealed record PartProgress
{
    public required RefreshPart Part { get; init; }

    /// <summary>The attempt that is to be followed by another; a failure of it or of an earlier one is old news.</summary>
    public int? RetryOfAttempt { get; init; }

    /// <summary>Attempt that ended last; 0 while the first runs.</summary>
    public int Attempt { get; init; }

    public RefreshedSet? Set { get; init; }

    public RefreshShortfall? Shortfall { get; init; }

    public bool Pending => Set is null && Shortfall is null;
}

/// <summary>All that a saga knows of a refresh. Immutable: a decision returns the next one.</summary>
public sealed record RefreshProgress
{
    public required RefreshStart Start { get; init; }

    public required RefreshStage Stage { get; init; }

    /// <summary>1, and one more for each retry of what is short and each supersession by a newer event.</summary>
    public required int Round { get; init; }

    public required IReadOnlyList<PartProgress> Parts { get; init; }

    /// <summary>Ids of the events that were taken in: a copy of an older one cannot supersede a newer one.</summary>
    public required IReadOnlyList<Guid> Seen { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the message that began it last came again; the reconciler gives each try its time.</summary>
    public DateTimeOffset? RepeatedAt { get; init; }

    /// <summary>When the refresh last got further; the reconciler looks at it.</summary>
    public required DateTimeOffset ProgressedAt { get; init; }

    /// <summary>Sets in the policy's order, then those that stand unchanged.</summary>
    public IReadOnlyList<RefreshedSet> Sets() =>
        [.. Parts.Select(p => p.Set).OfType<RefreshedSet>(), .. Start.Unchanged];

    public IReadOnlyList<RefreshShortfall> Degraded() =>
        [.. Parts.Select(p => p.Shortfall).OfType<RefreshShortfall>(), .. Start.Refused];

    public string Outcome() =>
        Stage == RefreshStage.Cancelled ? RefreshOutcomes.Cancelled
        : Degraded().Count > 0 ? RefreshOutcomes.Degraded
        : RefreshOutcomes.Complete;
}

/// <summary>What follows from a message: the next state and the messages to send, in order.</summary>
/// <param name="Announce">True when the completion event is to be sent; its form is the saga's own.</param>
public sealed record RefreshDecision(RefreshProgress Next, IReadOnlyList<object> Outputs, bool Announce = false);
