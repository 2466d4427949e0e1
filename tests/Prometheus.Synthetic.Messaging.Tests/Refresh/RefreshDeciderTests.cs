using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Refresh;

namespace Prometheus.Synthetic.Messaging.Tests.Refresh;

/// <summary>A refresh decides alike however often and in whatever order it is told.</summary>
public class RefreshDeciderTests
{
    private static readonly DateTimeOffset Now = new(2025, 4, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid First = Id(100);
    private static readonly Guid Newer = Id(101);

    private static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static RefreshStart Start(Guid cause, int? retry, params int[] requests) =>
        new(
            Id(1),
            "US_EQ",
            new DateOnly(2025, 3, 31),
            new PolicyReference
            {
                Name = "p",
                Version = 1,
                Hash = "sha256:" + new string('0', 64),
            },
            cause,
            [
                .. requests.Select(r => new RefreshPart
                {
                    Part = $"p{r}",
                    RequestId = Id(r),
                    Request = new GenerateScenarioSet { Name = $"S{r}" },
                }),
            ],
            [],
            [],
            retry
        );

    private static RefreshPartEnded Done(int request) =>
        new()
        {
            RefreshId = Id(1),
            RequestId = Id(request),
            Attempt = 1,
            Generated = new ScenarioSetGenerated
            {
                ScenarioSetId = Id(1000 + request),
                Name = $"S{request}",
                Version = 1,
                Category = "BOOTSTRAP",
                Markets = ["US_EQ"],
                AsOfDate = new DateOnly(2025, 3, 31),
                HorizonDays = 1,
                NumPaths = 1,
                Drivers = new DriverCounts
                {
                    Instruments = 1,
                    Factors = 0,
                    Macros = 0,
                },
                Cells = 2,
                Tags = [],
                DefensiveTest = false,
                ReturnConvention = "SIMPLE_PER_STEP",
                ContentHash = "sha256:x",
                SnapshotHash = "sha256:y",
                RequestId = Id(request),
                SealedAt = Now,
                NumericVersion = 1,
                Evicted = false,
            },
        };

    private static RefreshPartEnded Failed(int request, int attempt) =>
        new()
        {
            RefreshId = Id(1),
            RequestId = Id(request),
            Attempt = attempt,
            Failed = new ScenarioSetGenerationFailed
            {
                RequestId = Id(request),
                Markets = [],
                Attempt = attempt,
                State = FailureStates.Failed,
                Errors =
                [
                    new GenerationError
                    {
                        Code = "bad-data",
                        Field = "",
                        Message = "m",
                    },
                ],
                FailedAt = Now,
                Retryable = false,
            },
        };

    [Fact]
    public void A_set_made_again_after_its_deletion_takes_the_place_of_the_deleted_one_once()
    {
        RefreshProgress state = RefreshDecider.On(null, Start(First, null, 10), Now).Next;
        state = RefreshDecider.On(state, Done(10), Now).Next;
        RefreshPartEnded later = Done(10) with { Attempt = 2 };
        later = later with { Generated = later.Generated! with { ScenarioSetId = Id(2010), Version = 2 } };

        RefreshDecision replaced = RefreshDecider.On(state, later, Now);

        Assert.True(replaced.Announce);
        Assert.Equal(2, replaced.Next.Round);
        Assert.Equal(Id(2010), Assert.Single(replaced.Next.Sets()).ScenarioSetId);
        foreach (RefreshPartEnded late in new[] { later, Done(10) })
        {
            RefreshDecision repeated = RefreshDecider.On(replaced.Next, late, Now);
            Assert.False(repeated.Announce);
            Assert.Equal(replaced.Next, repeated.Next);
        }
    }

    [Fact]
    public void Parts_in_any_order_and_any_number_complete_it_once()
    {
        RefreshDecision state = RefreshDecider.On(null, Start(First, null, 10, 11, 12), Now);
        Assert.Equal(3, state.Outputs.OfType<StartScenarioSetGeneration>().Count());
        int announced = 0;
        foreach (int request in new[] { 12, 10, 12, 10, 11, 11, 12 })
        {
            state = RefreshDecider.On(state.Next, Done(request), Now);
            announced += state.Announce ? 1 : 0;
        }

        Assert.Equal(1, announced);
        Assert.Equal((RefreshStage.Completed, RefreshOutcomes.Complete), (state.Next.Stage, state.Next.Outcome()));
        Assert.Equal(["S10", "S11", "S12"], state.Next.Sets().Select(s => s.Name));
    }

    [Fact]
    public void A_copy_of_the_start_sends_what_is_missing_and_after_the_end_announces_again()
    {
        RefreshDecision begun = RefreshDecider.On(null, Start(First, null, 10, 11), Now);
        RefreshProgress half = RefreshDecider.On(begun.Next, Done(10), Now).Next;
        RefreshDecision again = RefreshDecider.On(half, Start(First, null, 10, 11), Now);
        Assert.Equal(Id(11), Assert.IsType<StartScenarioSetGeneration>(Assert.Single(again.Outputs)).RequestId);
        RefreshProgress whole = RefreshDecider.On(again.Next, Done(11), Now).Next;
        RefreshDecision late = RefreshDecider.On(whole, Start(First, null, 10, 11), Now);
        Assert.True(late.Announce);
        Assert.Equal(whole.Round, late.Next.Round);
    }

    [Fact]
    public void A_failed_part_degrades_it_and_a_retry_tries_that_part_alone()
    {
        RefreshProgress state = RefreshDecider.On(null, Start(First, null, 10, 11), Now).Next;
        state = RefreshDecider.On(state, Done(10), Now).Next;
        state = RefreshDecider.On(state, Failed(11, 1), Now).Next;
        Assert.Equal(RefreshOutcomes.Degraded, state.Outcome());
        RefreshDecision retry = RefreshDecider.On(state, Start(First, 1, 10, 11), Now);
        var start = Assert.IsType<StartScenarioSetGeneration>(Assert.Single(retry.Outputs));
        Assert.Equal((Id(11), 1), (start.RequestId, start.RetryOfAttempt));
        // A copy of the retry begins no third round; the first attempt's failure is old news.
        RefreshDecision copy = RefreshDecider.On(retry.Next, Start(First, 1, 10, 11), Now);
        Assert.Equal(2, copy.Next.Round);
        RefreshProgress stale = RefreshDecider.On(copy.Next, Failed(11, 1), Now).Next;
        Assert.Equal(RefreshStage.Running, stale.Stage);
        Assert.Equal(RefreshOutcomes.Complete, RefreshDecider.On(stale, Done(11), Now).Next.Outcome());
    }

    [Fact]
    public void A_newer_event_supersedes_and_a_late_copy_of_the_older_changes_nothing()
    {
        RefreshProgress state = RefreshDecider.On(null, Start(First, null, 10), Now).Next;
        RefreshDecision superseded = RefreshDecider.On(state, Start(Newer, null, 20), Now);
        Assert.Equal(Id(10), superseded.Outputs.OfType<CancelScenarioSetGeneration>().Single().RequestId);
        Assert.Equal(Id(20), superseded.Outputs.OfType<StartScenarioSetGeneration>().Single().RequestId);
        RefreshDecision late = RefreshDecider.On(superseded.Next, Start(First, null, 10), Now);
        Assert.DoesNotContain(late.Outputs, o => o is CancelScenarioSetGeneration);
        Assert.Equal(2, late.Next.Round);
        // The older part's end is not the newer one's.
        Assert.Equal(RefreshStage.Running, RefreshDecider.On(late.Next, Failed(10, 1), Now).Next.Stage);
        Assert.Equal(RefreshStage.Completed, RefreshDecider.On(late.Next, Done(20), Now).Next.Stage);
    }

    [Fact]
    public void A_cancelled_refresh_says_so_and_can_be_tried_again()
    {
        RefreshProgress state = RefreshDecider.On(null, Start(First, null, 10, 11), Now).Next;
        state = RefreshDecider.On(state, Done(10), Now).Next;
        var cancel = new CancelRefresh
        {
            RefreshId = Id(1),
            Reason = "r",
            RequestedBy = "b",
        };
        RefreshDecision cancelled = RefreshDecider.On(state, cancel, Now);
        Assert.Equal((true, RefreshOutcomes.Cancelled), (cancelled.Announce, cancelled.Next.Outcome()));
        Assert.Equal(Id(11), cancelled.Outputs.OfType<CancelScenarioSetGeneration>().Single().RequestId);
        state = RefreshDecider.On(cancelled.Next, Failed(11, 1), Now).Next;
        RefreshDecision retry = RefreshDecider.On(state, Start(First, 1, 10, 11), Now);
        Assert.Equal(1, retry.Outputs.OfType<StartScenarioSetGeneration>().Single().RetryOfAttempt);
    }

    [Fact]
    public void Message_ids_tell_rounds_apart_and_copies_not()
    {
        RefreshProgress state = RefreshDecider.On(null, Start(First, null, 10), Now).Next;
        state = RefreshDecider.On(state, Done(10), Now).Next;
        Guid id = MessageIds.Of(Messaging.MonthlyRefresh.MonthlyRefreshMessages.Completion(state, "2025-03"));
        Assert.Equal(id, MessageIds.Of(Messaging.MonthlyRefresh.MonthlyRefreshMessages.Completion(state, "2025-03")));
        Assert.NotEqual(
            id,
            MessageIds.Of(
                Messaging.MonthlyRefresh.MonthlyRefreshMessages.Completion(state with { Round = 2 }, "2025-03")
            )
        );
    }
}
