using CsCheck;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Messaging.Tests.Generation;

/// <summary>The saga's decisions under at-least-once, unordered delivery.</summary>
public sealed class GenerationDeciderTests
{
    private static readonly Guid s_request = new("11111111-0000-5000-8000-000000000001");
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>
    /// A model of the whole system: every message in flight is delivered one to three times, in an order drawn by the
    /// test, to the saga or to a worker that answers as the real consumers do. Whatever the order, it ends Completed
    /// with every shard made and sealed, and each message id carries one content only.
    /// </summary>
    [Fact]
    public void Any_order_and_any_number_of_deliveries_ends_completed() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 40], Gen.Int[0, 1 << 30].Array[400])
            .AlwaysHolds(
                (shards, paths, choices) =>
                {
                    var run = new Model(Math.Min(shards, paths), paths, choices);
                    run.ToTheEnd();
                    Assert.Equal(GenerationStage.Completed, run.State!.Stage);
                    Assert.Equal(Enumerable.Range(0, run.Shards), run.State.ShardsDone);
                    Assert.Equal(Enumerable.Range(0, run.Shards), run.Stored.Order());
                    Assert.True(run.Sealed);
                    Assert.Equal(1, run.State.Attempt);
                },
                cases: 1_000
            );

    [Fact]
    public void Each_message_again_gives_the_same_state_and_the_same_output_ids()
    {
        GenerationDecision started = GenerationDecider.On(null, Start(), s_now);
        GenerationDecision again = GenerationDecider.On(started.Next, Start(), s_now.AddMinutes(1));
        Assert.Equal((started.Next.Stage, started.Next.Attempt), (again.Next.Stage, again.Next.Attempt));
        Assert.Equal(Ids(started), Ids(again));

        GenerationDecision planned = GenerationDecider.On(started.Next, Planned(1, 3, 10), s_now);
        Assert.Equal(3, planned.Outputs.OfType<GenerateShard>().Count());
        Assert.Equal(10, planned.Outputs.OfType<GenerateShard>().Sum(s => s.PathCount));
        GenerationDecision replanned = GenerationDecider.On(planned.Next, Planned(1, 3, 10), s_now.AddMinutes(1));
        Assert.Equal(planned.Next, replanned.Next);
        Assert.Equal(Ids(planned).Where(i => i.Name == nameof(GenerateShard)), Ids(replanned));

        GenerationProgress state = planned.Next;
        for (int s = 0; s < 3; s++)
            state = GenerationDecider.On(state, Done(1, s), s_now).Next;
        Assert.Equal(GenerationStage.Sealing, state.Stage);
        Assert.IsType<SealScenarioSet>(Assert.Single(GenerationDecider.On(state, Done(1, 1), s_now).Outputs));
    }

    [Fact]
    public void A_failure_is_told_once_per_attempt_under_one_id_and_asking_again_is_the_next_attempt()
    {
        GenerationProgress planning = GenerationDecider.On(null, Start(), s_now).Next;
        GenerationDecision failed = GenerationDecider.On(planning, Stopped(1, FailureStates.Failed), s_now);
        GenerationDecision again = GenerationDecider.On(failed.Next, Stopped(1, FailureStates.Failed), s_now);
        Assert.Equal(GenerationStage.Failed, failed.Next.Stage);
        Assert.Equal(
            "num_paths",
            Assert.IsType<ScenarioSetGenerationFailed>(Assert.Single(failed.Outputs)).Errors[0].Field
        );
        Assert.Equal(Ids(failed), Ids(again));

        GenerationDecision copy = GenerationDecider.On(failed.Next, Start(), s_now);
        Assert.Equal(Ids(failed), Ids(copy));
        GenerationDecision second = GenerationDecider.On(failed.Next, Start() with { RetryOfAttempt = 1 }, s_now);
        Assert.Equal((GenerationStage.Planning, 2), (second.Next.Stage, second.Next.Attempt));
        Assert.Empty(second.Next.Errors);
        Assert.Equal(2, Assert.IsType<PlanScenarioSet>(Assert.Single(second.Outputs)).Attempt);
        // What the first attempt still has under way changes nothing in the second.
        foreach (
            GenerationDecision late in new[]
            {
                GenerationDecider.On(second.Next, Planned(1, 3, 10), s_now),
                GenerationDecider.On(second.Next, Done(1, 0), s_now),
                GenerationDecider.On(second.Next, Stopped(1, FailureStates.Failed), s_now),
            }
        )
        {
            Assert.Same(second.Next, late.Next);
            Assert.Empty(late.Outputs);
        }
    }

    [Fact]
    public void A_plan_that_comes_after_the_cancellation_is_closed_again()
    {
        GenerationProgress planning = GenerationDecider.On(null, Start(), s_now).Next;
        GenerationProgress cancelled = GenerationDecider.On(planning, Stopped(1, FailureStates.Cancelled), s_now).Next;
        Assert.Equal(GenerationStage.Cancelled, cancelled.Stage);
        GenerationDecision late = GenerationDecider.On(cancelled, Planned(1, 3, 10), s_now);
        Assert.Equal(GenerationStage.Cancelled, late.Next.Stage);
        Assert.Equal(s_request, Assert.IsType<CancelScenarioSetGeneration>(Assert.Single(late.Outputs)).RequestId);
    }

    [Fact]
    public void A_completed_generation_is_not_stopped_any_more_and_answers_with_its_seal()
    {
        GenerationProgress state = GenerationDecider.On(null, Start(), s_now).Next;
        state = GenerationDecider.On(state, Planned(1, 1, 5), s_now).Next;
        state = GenerationDecider.On(state, Done(1, 0), s_now).Next;
        state = GenerationDecider.On(state, Model.Announced(), s_now).Next;
        Assert.Equal(GenerationStage.Completed, state.Stage);
        Assert.Same(state, GenerationDecider.On(state, Stopped(1, FailureStates.Cancelled), s_now).Next);
        Assert.IsType<SealScenarioSet>(Assert.Single(GenerationDecider.On(state, Start(), s_now).Outputs));
    }

    internal static Guid SetId(int attempt) => new($"22222222-0000-5000-8000-{attempt:D12}");

    private static IEnumerable<(string Name, Guid Id)> Ids(GenerationDecision d) =>
        d.Outputs.Select(o => (o.GetType().Name, MessageIds.Of(o)));

    internal static StartScenarioSetGeneration Start() =>
        new()
        {
            RequestId = s_request,
            Request = new GenerateScenarioSet { Name = "MODEL", Category = "BOOTSTRAP" },
            RequestedBy = "test",
            CausationMessageId = s_request,
            Lane = Lanes.Batch,
        };

    internal static ScenarioSetPlanned Planned(int attempt, int shards, int paths) =>
        new()
        {
            RequestId = s_request,
            ScenarioSetId = SetId(attempt),
            Attempt = attempt,
            ShardsTotal = shards,
            PathsTotal = paths,
            Lane = Lanes.Batch,
        };

    internal static ShardGenerated Done(int attempt, int shard) =>
        new()
        {
            RequestId = s_request,
            ScenarioSetId = SetId(attempt),
            Attempt = attempt,
            Shard = shard,
            FirstPath = 0,
            PathCount = 1,
            Lane = Lanes.Batch,
            AlreadyStored = false,
        };

    private static ScenarioSetGenerationStopped Stopped(int attempt, string state) =>
        new()
        {
            RequestId = s_request,
            Attempt = attempt,
            Stage = GenerationStages.Planning,
            State = state,
            Errors =
            [
                new GenerationError
                {
                    Code = "over-limit",
                    Field = "num_paths",
                    Message = "too many",
                },
            ],
            Retryable = false,
            OccurredAt = s_now,
        };
}
