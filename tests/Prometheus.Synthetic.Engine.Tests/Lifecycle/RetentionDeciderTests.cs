using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Lifecycle;

public sealed class RetentionDeciderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, null, null, new[] { 1, 2, 3, 4 })]
    [InlineData(3, null, null, new[] { 1, 2 })]
    [InlineData(null, null, 75, new[] { 1, 2, 3 })]
    [InlineData(null, "T2", null, new[] { 1, 3, 4 })]
    [InlineData(2, "T1", 75, new[] { 2, 3 })]
    public void Every_rule_keeps_what_it_says_and_the_newest_always_stays(
        int? last,
        string? tag,
        int? days,
        int[] evicted
    )
    {
        // Five versions, thirty days apart, each with its own tag.
        RetentionCandidate[] versions =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(v => new RetentionCandidate(Guid.Empty, v, s_now.AddDays(-30 * (6 - v)), [$"T{v}"], true)),
        ];
        var policy = new RetentionPolicy("X", last, tag is null ? [] : [tag], days, "a", "b", s_now);
        Assert.Equal(
            evicted,
            RetentionDecider.Decide("X", policy, versions, s_now).Where(v => v.Evict).Select(v => v.Version).Order()
        );
    }

    [Fact]
    public void A_version_without_paths_counts_as_one_of_the_last_and_gets_no_verdict()
    {
        RetentionCandidate Version(int v, bool paths) => new(Guid.Empty, v, s_now, [], paths);
        var policy = new RetentionPolicy("X", 2, [], null, "a", "b", s_now);
        IReadOnlyList<RetentionVerdict> verdicts = RetentionDecider.Decide(
            "X",
            policy,
            [Version(3, true), Version(2, false), Version(1, true)],
            s_now
        );
        Assert.Equal([(3, false), (1, true)], verdicts.Select(v => (v.Version, v.Evict)));
    }

    [Fact]
    public void The_longest_policy_that_fits_decides_and_a_full_name_before_any_beginning()
    {
        RetentionPolicy Policy(string lineage) => new(lineage, 1, [], null, "a", "b", s_now);
        RetentionPolicy[] all = [Policy("*"), Policy("US_*"), Policy("US_EQ"), Policy("US_EQ_LONG_*")];
        Assert.Equal("US_EQ", RetentionDecider.PolicyFor("US_EQ", all)!.Lineage);
        Assert.Equal("US_*", RetentionDecider.PolicyFor("US_EQ_SHORT", all)!.Lineage);
        Assert.Equal("US_EQ_LONG_*", RetentionDecider.PolicyFor("US_EQ_LONG_1", all)!.Lineage);
        Assert.Equal("*", RetentionDecider.PolicyFor("EU", all)!.Lineage);
        Assert.Null(RetentionDecider.PolicyFor("EU", all[1..]));
    }
}
