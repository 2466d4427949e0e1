using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Planning;

namespace Prometheus.Synthetic.Messaging.Generation;

/// <summary>
/// Every decision of the generation saga as a pure function of (state, message, time). Handling a message again leads
/// to the same state and to the same outputs, and those carry the same ids: that is what makes at-least-once delivery
/// safe (docs/adr/0004).
/// </summary>
public static class GenerationDecider
{
    /// <summary>A generation is asked for: for the first time, again, or after a failure.</summary>
    /// <param name="calledOff">The cancellation that came before the request did, if one did.</param>
    public static GenerationDecision On(
        GenerationProgress? state,
        StartScenarioSetGeneration start,
        DateTimeOffset now,
        ScenarioSetGenerationStopped? calledOff = null
    )
    {
        if (state is null)
        {
            GenerationProgress first = New(start, 1, null, now);
            // A message overtaken by its own cancellation must not revive what was called off.
            return calledOff is null ? Plan(first) : On(first, calledOff, now);
        }

        GenerationProgress known = state with
        {
            Parents = [.. state.Parents.Union(start.ParentRequestId is { } parent ? [parent] : [])],
            Seen = [.. state.Seen.Union([start.CausationMessageId])],
            RepeatedAt = now,
        };
        bool again = start.RetryOfAttempt == state.Attempt || !state.Seen.Contains(start.CausationMessageId);
        return state.Stage switch
        {
            GenerationStage.Failed or GenerationStage.Cancelled when again => Plan(
                New(start, state.Attempt + 1, known, now)
            ),
            // A deleted set is asked for again.
            GenerationStage.Completed when start.RetryOfAttempt == state.Attempt => Plan(
                New(start, state.Attempt + 1, known, now)
            ),
            _ => Emit(known),
        };
    }

    /// <summary>The set is open and cut.</summary>
    public static GenerationDecision On(GenerationProgress state, ScenarioSetPlanned planned, DateTimeOffset now)
    {
        if (planned.Attempt < state.Attempt)
            return new(state, []);
        // Cancelled while planning: what the planner has opened since must be closed again.
        if (state.Stage is GenerationStage.Failed or GenerationStage.Cancelled)
        {
            var close = new CancelScenarioSetGeneration
            {
                RequestId = planned.RequestId,
                Reason = "the generation had ended before its plan was ready",
                RequestedBy = "system",
            };
            return new(state with { ScenarioSetId = planned.ScenarioSetId }, [close]);
        }

        if (state.Stage != GenerationStage.Planning)
            return Emit(state);
        return Emit(
            state with
            {
                Stage = GenerationStage.Generating,
                Attempt = planned.Attempt,
                ScenarioSetId = planned.ScenarioSetId,
                ShardsTotal = planned.ShardsTotal,
                PathsTotal = planned.PathsTotal,
                ShardsDone = [],
                ProgressedAt = now,
            },
            Progressed
        );
    }

    /// <summary>A shard is stored.</summary>
    public static GenerationDecision On(GenerationProgress state, ShardGenerated shard, DateTimeOffset now)
    {
        if (
            shard.Attempt != state.Attempt
            || state.Stage is GenerationStage.Planning or GenerationStage.Failed or GenerationStage.Cancelled
        )
            return new(state, []);
        if (state.Stage != GenerationStage.Generating)
            return Emit(state);
        if (state.ShardsDone.Contains(shard.Shard))
            return new(state, state.ShardsDone.Count == state.ShardsTotal ? [Seal(state)] : []);
        GenerationProgress next = state with
        {
            ShardsDone = [.. state.ShardsDone.Append(shard.Shard).Order()],
            ProgressedAt = now,
        };
        return next.ShardsDone.Count < next.ShardsTotal
            ? new(next, [Progressed(next)])
            : Emit(next with { Stage = GenerationStage.Sealing }, Progressed);
    }

    /// <summary>The set is sealed and announced.</summary>
    public static GenerationDecision On(GenerationProgress state, ScenarioSetGenerated generated, DateTimeOffset now) =>
        new(
            state.Stage == GenerationStage.Completed
                ? state
                : state with
                {
                    Stage = GenerationStage.Completed,
                    ScenarioSetId = generated.ScenarioSetId,
                    ProgressedAt = now,
                },
            Tell(state, p => p with { Generated = generated })
        );

    /// <summary>The work ended without a set; its rows are removed already.</summary>
    public static GenerationDecision On(
        GenerationProgress state,
        ScenarioSetGenerationStopped stopped,
        DateTimeOffset now
    )
    {
        if (stopped.Attempt < state.Attempt || state.Stage == GenerationStage.Completed)
            return new(state, []);
        GenerationProgress next = state with
        {
            Stage = stopped.State == FailureStates.Cancelled ? GenerationStage.Cancelled : GenerationStage.Failed,
            Attempt = stopped.Attempt,
            ScenarioSetId = stopped.ScenarioSetId ?? state.ScenarioSetId,
            Errors = stopped.Errors,
            ProgressedAt = now,
        };
        next = next with { Failure = Failure(next, stopped) };
        return new(next, Ended(next));
    }

    /// <summary>The end without a set, for everybody and for each refresh that waits for it.</summary>
    private static object[] Ended(GenerationProgress state) =>
        [state.Failure!, .. Tell(state, p => p with { Failed = state.Failure })];

    private static RefreshPartEnded[] Tell(GenerationProgress state, Func<RefreshPartEnded, RefreshPartEnded> what) =>
        [
            .. state.Parents.Select(parent =>
                what(
                    new RefreshPartEnded
                    {
                        RefreshId = parent,
                        RequestId = state.Start.RequestId,
                        Attempt = state.Attempt,
                    }
                )
            ),
        ];

    /// <summary>The outputs that belong to a state: sent on entering it, and again whenever its input comes again.</summary>
    public static GenerationDecision Emit(
        GenerationProgress state,
        params ReadOnlySpan<Func<GenerationProgress, object>> also
    )
    {
        var outputs = new List<object>();
        foreach (Func<GenerationProgress, object> output in also)
            outputs.Add(output(state));
        switch (state.Stage)
        {
            case GenerationStage.Planning:
                outputs.Add(PlanCommand(state));
                break;
            case GenerationStage.Generating:
                outputs.AddRange(MissingShards(state));
                break;
            case GenerationStage.Sealing or GenerationStage.Completed:
                // A sealed set answers the seal by announcing itself again.
                outputs.Add(Seal(state));
                break;
            case GenerationStage.Failed or GenerationStage.Cancelled when state.Failure is not null:
                outputs.AddRange(Ended(state));
                break;
            default:
                break;
        }

        return new(state, outputs);
    }

    private static GenerationProgress New(
        StartScenarioSetGeneration start,
        int attempt,
        GenerationProgress? before,
        DateTimeOffset now
    ) =>
        new()
        {
            Start = start with { RetryOfAttempt = null },
            Parents = before?.Parents ?? (start.ParentRequestId is { } parent ? [parent] : []),
            Seen = before?.Seen ?? [start.CausationMessageId],
            Stage = GenerationStage.Planning,
            Attempt = attempt,
            StartedAt = now,
            ProgressedAt = now,
        };

    private static GenerationDecision Plan(GenerationProgress state) => new(state, [PlanCommand(state)]);

    private static PlanScenarioSet PlanCommand(GenerationProgress state) =>
        new()
        {
            RequestId = state.Start.RequestId,
            Attempt = state.Attempt,
            Request = state.Start.Request,
            RequestedBy = state.Start.RequestedBy,
            CausationMessageId = state.Start.CausationMessageId,
            Lane = state.Start.Lane,
            ParentRequestId = state.Start.ParentRequestId,
        };

    private static IEnumerable<GenerateShard> MissingShards(GenerationProgress state)
    {
        ShardPlan plan = ShardPlan.ByCount(state.PathsTotal, state.ShardsTotal);
        foreach (int shard in Enumerable.Range(0, plan.Count).Except(state.ShardsDone))
        {
            (int first, int count) = plan.Range(shard);
            yield return new GenerateShard
            {
                RequestId = state.Start.RequestId,
                ScenarioSetId = state.ScenarioSetId!.Value,
                Attempt = state.Attempt,
                Shard = shard,
                FirstPath = first,
                PathCount = count,
                Lane = state.Start.Lane,
            };
        }
    }

    private static SealScenarioSet Seal(GenerationProgress state) =>
        new()
        {
            RequestId = state.Start.RequestId,
            ScenarioSetId = state.ScenarioSetId!.Value,
            Attempt = state.Attempt,
        };

    private static ScenarioSetProgressed Progressed(GenerationProgress state)
    {
        ShardPlan plan = ShardPlan.ByCount(state.PathsTotal, state.ShardsTotal);
        return new ScenarioSetProgressed
        {
            RequestId = state.Start.RequestId,
            ScenarioSetId = state.ScenarioSetId!.Value,
            Name = state.Start.Request.Name ?? string.Empty,
            Stage = state.Stage == GenerationStage.Sealing ? GenerationStages.Sealing : GenerationStages.Generating,
            ShardsDone = state.ShardsDone.Count,
            ShardsTotal = state.ShardsTotal,
            PathsDone = state.ShardsDone.Sum(s => plan.Range(s).Count),
            PathsTotal = state.PathsTotal,
            OccurredAt = state.ProgressedAt,
        };
    }

    private static ScenarioSetGenerationFailed Failure(
        GenerationProgress state,
        ScenarioSetGenerationStopped stopped
    ) =>
        new()
        {
            RequestId = state.Start.RequestId,
            ScenarioSetId = state.ScenarioSetId,
            Name = state.Start.Request.Name,
            Category = state.Start.Request.Category,
            Markets = state.Start.Request.Markets ?? [],
            AsOfDate = state.Start.Request.AsOfDate,
            Attempt = state.Attempt,
            State = stopped.State,
            Errors = stopped.Errors,
            FailedAt = stopped.OccurredAt,
            Retryable = stopped.Retryable,
        };
}
