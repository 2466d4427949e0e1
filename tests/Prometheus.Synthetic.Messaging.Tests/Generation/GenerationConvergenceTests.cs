using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;

namespace Prometheus.Synthetic.Messaging.Tests.Generation;

/// <summary>The generation converges: copies and other orders of its messages end in one state with one set of ids.</summary>
public class GenerationConvergenceTests
{
    private static readonly DateTimeOffset Now = new(2025, 4, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Request = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly Guid Set = new(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly Guid Parent = new(3, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static StartScenarioSetGeneration Start(int cause = 9, int? retry = null) =>
        new()
        {
            RequestId = Request,
            Request = new GenerateScenarioSet { Name = "S", Markets = ["US_EQ"] },
            RequestedBy = "t",
            CausationMessageId = new Guid(cause, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
            Lane = Lanes.Batch,
            ParentRequestId = Parent,
            RetryOfAttempt = retry,
        };

    private static ScenarioSetPlanned Planned(int attempt = 1) =>
        new()
        {
            RequestId = Request,
            ScenarioSetId = Set,
            Attempt = attempt,
            ShardsTotal = 4,
            PathsTotal = 40,
            Lane = Lanes.Batch,
        };

    private static ShardGenerated Shard(int shard) =>
        new()
        {
            RequestId = Request,
            ScenarioSetId = Set,
            Attempt = 1,
            Shard = shard,
            FirstPath = shard * 10,
            PathCount = 10,
            Lane = Lanes.Batch,
            AlreadyStored = false,
        };

    private static ScenarioSetGenerationStopped Stopped(string state = FailureStates.Cancelled, int attempt = 1) =>
        new()
        {
            RequestId = Request,
            Attempt = attempt,
            Stage = GenerationStages.Generating,
            State = state,
            Errors =
            [
                new GenerationError
                {
                    Code = "cancelled",
                    Field = "",
                    Message = "m",
                },
            ],
            Retryable = true,
            OccurredAt = Now,
        };

    [Fact]
    public void Shards_in_any_order_and_number_lead_to_one_seal()
    {
        var random = new Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            GenerationProgress state = GenerationDecider.On(null, Start(), Now).Next;
            state = GenerationDecider.On(state, Planned(), Now).Next;
            var seals = new HashSet<Guid>();
            // Enough draws that each of the four comes: the last four are all of them.
            int[] order = [.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => random.Next(4)), 0, 1, 2, 3];
            foreach (int shard in order)
            {
                GenerationDecision decision = GenerationDecider.On(state, Shard(shard), Now);
                state = decision.Next;
                seals.UnionWith(decision.Outputs.OfType<SealScenarioSet>().Select(MessageIds.Of));
            }

            Assert.Equal(GenerationStage.Sealing, state.Stage);
            Assert.Single(seals);
        }
    }

    [Fact]
    public void A_copy_of_the_start_revives_nothing_that_was_called_off()
    {
        GenerationProgress state = GenerationDecider.On(null, Start(), Now).Next;
        GenerationDecision stopped = GenerationDecider.On(state, Stopped(), Now);
        Assert.Equal(Parent, stopped.Outputs.OfType<RefreshPartEnded>().Single().RefreshId);
        GenerationDecision copy = GenerationDecider.On(stopped.Next, Start(), Now);
        Assert.Equal((GenerationStage.Cancelled, 1), (copy.Next.Stage, copy.Next.Attempt));
        Assert.Equal(stopped.Outputs.Select(MessageIds.Of), copy.Outputs.Select(MessageIds.Of));
    }

    [Fact]
    public void A_retry_begins_one_more_attempt_however_often_it_comes()
    {
        GenerationProgress state = GenerationDecider.On(null, Start(), Now).Next;
        state = GenerationDecider.On(state, Stopped(FailureStates.Failed), Now).Next;
        state = GenerationDecider.On(state, Start(retry: 1), Now).Next;
        state = GenerationDecider.On(state, Start(retry: 1), Now).Next;
        Assert.Equal((GenerationStage.Planning, 2), (state.Stage, state.Attempt));
        // The first attempt's late failure does not end the second.
        Assert.Equal(
            GenerationStage.Planning,
            GenerationDecider.On(state, Stopped(FailureStates.Failed, 1), Now).Next.Stage
        );
        // Another message that asks the same is a wish of its own.
        GenerationProgress ended = GenerationDecider.On(state, Stopped(FailureStates.Failed, 2), Now).Next;
        Assert.Equal(3, GenerationDecider.On(ended, Start(cause: 10), Now).Next.Attempt);
    }

    [Fact]
    public void A_cancellation_that_overtakes_its_request_holds()
    {
        GenerationDecision late = GenerationDecider.On(null, Start(), Now, Stopped());
        Assert.Equal(GenerationStage.Cancelled, late.Next.Stage);
        Assert.DoesNotContain(late.Outputs, o => o is PlanScenarioSet);
        Assert.Single(late.Outputs.OfType<ScenarioSetGenerationFailed>());
    }
}
