using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Refresh;

/// <summary>
/// The decisions that both refreshes share, as pure functions. The same message again leads to the same state and the
/// same outputs (docs/adr/0004).
/// </summary>
public static class RefreshDecider
{
    /// <summary>An event came: for the first time, again, corrected, or to try again what is short.</summary>
    public static RefreshDecision On(RefreshProgress? state, RefreshStart start, DateTimeOffset now)
    {
        if (state is null)
            return Begin(start, 1, [], [], now);
        if (start.RetryOfRound == state.Round && state.Stage != RefreshStage.Running && state.Degraded().Count > 0)
            return Begin(start, state.Round + 1, state.Parts, state.Seen, now);
        if (state.Seen.Contains(start.CausationMessageId) || SameParts(state, start))
            return Repeat(state with { Seen = [.. state.Seen.Union([start.CausationMessageId])], RepeatedAt = now });
        return Supersede(state, start, now);
    }

    /// <summary>A part has its set or ended without one.</summary>
    public static RefreshDecision On(RefreshProgress state, RefreshPartEnded ended, DateTimeOffset now)
    {
        PartProgress? part = state.Parts.FirstOrDefault(p => p.Part.RequestId == ended.RequestId);
        bool late = state.Stage != RefreshStage.Running;
        if (part is null)
            return new(state, []);
        // Its set was deleted and asked for again: the later attempt takes its place.
        bool replaced =
            part.Set is { } old
            && ended.Generated is { } newer
            && ended.Attempt > part.Attempt
            && newer.ScenarioSetId != old.ScenarioSetId;
        if (part.Set is not null && !replaced)
            return new(state, []);
        // What was called off ends now; the attempt is remembered, so that it can be followed by another.
        if (state.Stage == RefreshStage.Cancelled)
        {
            PartProgress known = part with { Attempt = Math.Max(part.Attempt, ended.Attempt) };
            return new(state with { Parts = [.. state.Parts.Select(p => p == part ? known : p)] }, []);
        }

        // A set that came after all, because an operator retried its generation, completes what was announced as short.
        if (late && !replaced && (ended.Generated is null || part.Shortfall is null))
            return new(state, []);
        if (ended.Generated is null && (part.Shortfall is not null || ended.Attempt <= part.RetryOfAttempt))
            return new(state, []);
        PartProgress after = part with
        {
            Attempt = ended.Attempt,
            Set = SetOf(part, ended),
            Shortfall = ShortfallOf(part, ended),
        };
        RefreshProgress next = state with
        {
            Parts = [.. state.Parts.Select(p => p == part ? after : p)],
            Round = late ? state.Round + 1 : state.Round,
            ProgressedAt = now,
        };
        return Close(next, []);
    }

    /// <summary>An operator calls it off: running parts are cancelled, sealed sets stay.</summary>
    public static RefreshDecision On(RefreshProgress state, CancelRefresh cancel, DateTimeOffset now)
    {
        if (state.Stage != RefreshStage.Running)
            return new(state, [], Announce: state.Stage == RefreshStage.Cancelled);
        RefreshProgress next = state with
        {
            Stage = RefreshStage.Cancelled,
            Parts = [.. state.Parts.Select(p => p.Pending ? p with { Shortfall = CalledOff(p, cancel) } : p)],
            ProgressedAt = now,
        };
        return new(
            next,
            [.. state.Parts.Where(p => p.Pending).Select(p => Cancel(state, p, cancel.Reason, cancel.RequestedBy))],
            true
        );
    }

    /// <summary>The outputs that belong to a state, for a repetition and for the reconciler.</summary>
    public static RefreshDecision Repeat(RefreshProgress state) =>
        state.Stage switch
        {
            RefreshStage.Running => new(state, [.. state.Parts.Where(p => p.Pending).Select(p => Start(state, p))]),
            // Sets are announced again under their own ids: their generations answer so.
            RefreshStage.Completed => new(
                state,
                [.. state.Parts.Where(p => p.Set is not null).Select(p => Start(state, p))],
                true
            ),
            _ => new(state, [], true),
        };

    private static RefreshDecision Begin(
        RefreshStart start,
        int round,
        IReadOnlyList<PartProgress> before,
        IReadOnlyList<Guid> seen,
        DateTimeOffset now
    )
    {
        var next = new RefreshProgress
        {
            Start = start,
            Stage = RefreshStage.Running,
            Round = round,
            Parts = [.. start.Parts.Select(p => Resume(p, before))],
            Seen = [.. seen.Union([start.CausationMessageId])],
            StartedAt = now,
            ProgressedAt = now,
        };
        return Close(next, [.. next.Parts.Where(p => p.Pending).Select(p => Start(next, p))]);
    }

    /// <summary>What a part that was there before has reached already.</summary>
    private static PartProgress Resume(RefreshPart part, IReadOnlyList<PartProgress> before) =>
        before.FirstOrDefault(b => b.Part.RequestId == part.RequestId) switch
        {
            { Set: { } set } old => new PartProgress
            {
                Part = part,
                Attempt = old.Attempt,
                Set = set with { Part = part.Part },
            },
            { Shortfall: not null } old => new PartProgress { Part = part, RetryOfAttempt = old.Attempt },
            { } old => new PartProgress { Part = part, RetryOfAttempt = old.RetryOfAttempt },
            null => new PartProgress { Part = part },
        };

    /// <summary>A newer event of the same key: what it does not ask for any more is called off.</summary>
    private static RefreshDecision Supersede(RefreshProgress state, RefreshStart start, DateTimeOffset now)
    {
        RefreshDecision begun = Begin(start, state.Round + 1, state.Parts, state.Seen, now);
        HashSet<Guid> wanted = [.. start.Parts.Select(p => p.RequestId)];
        IEnumerable<object> cancels = state
            .Parts.Where(p => p.Pending && !wanted.Contains(p.Part.RequestId))
            .Select(p => Cancel(state, p, $"superseded by message {start.CausationMessageId}", "system"));
        return begun with { Outputs = [.. cancels, .. begun.Outputs] };
    }

    private static RefreshDecision Close(RefreshProgress state, IReadOnlyList<object> outputs) =>
        state.Parts.Any(p => p.Pending)
            ? new(state, outputs)
            : new(state with { Stage = RefreshStage.Completed }, outputs, Announce: true);

    private static bool SameParts(RefreshProgress state, RefreshStart start) =>
        start.Parts.Select(p => p.RequestId).ToHashSet().SetEquals(state.Parts.Select(p => p.Part.RequestId));

    private static StartScenarioSetGeneration Start(RefreshProgress state, PartProgress part) =>
        new()
        {
            RequestId = part.Part.RequestId,
            Request = part.Part.Request,
            RequestedBy = part.Part.Request.RequestedBy ?? "system",
            CausationMessageId = state.Start.CausationMessageId,
            Lane = Lanes.Batch,
            ParentRequestId = state.Start.RefreshId,
            // An attempt that never ended has no number to be retried.
            RetryOfAttempt = part.RetryOfAttempt is > 0 ? part.RetryOfAttempt : null,
        };

    private static CancelScenarioSetGeneration Cancel(
        RefreshProgress state,
        PartProgress part,
        string reason,
        string by
    ) =>
        new()
        {
            CausationMessageId = state.Start.CausationMessageId,
            RequestId = part.Part.RequestId,
            Reason = reason,
            RequestedBy = by,
        };

    private static RefreshedSet? SetOf(PartProgress part, RefreshPartEnded ended) =>
        ended.Generated is not { } set
            ? null
            : new RefreshedSet
            {
                Part = part.Part.Part,
                RequestId = set.RequestId,
                ScenarioSetId = set.ScenarioSetId,
                Name = set.Name,
                Version = set.Version,
                Category = set.Category,
                ContentHash = set.ContentHash,
                Unchanged = false,
            };

    private static RefreshShortfall? ShortfallOf(PartProgress part, RefreshPartEnded ended) =>
        ended.Failed is not { } failed
            ? null
            : new RefreshShortfall
            {
                Part = part.Part.Part,
                Name = part.Part.Request.Name ?? string.Empty,
                State = failed.State,
                Errors = failed.Errors,
                Retryable = failed.Retryable,
            };

    private static RefreshShortfall CalledOff(PartProgress part, CancelRefresh cancel) =>
        new()
        {
            Part = part.Part.Part,
            Name = part.Part.Request.Name ?? string.Empty,
            State = FailureStates.Cancelled,
            Errors =
            [
                new GenerationError
                {
                    Code = "cancelled",
                    Field = string.Empty,
                    Message = $"{cancel.RequestedBy} cancelled the refresh: {cancel.Reason}",
                },
            ],
            Retryable = true,
        };
}
