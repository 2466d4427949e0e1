using CsCheck;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Engine.Tests.Planning;

public sealed class ShardPlanTests
{
    [Fact]
    public void Shards_cover_every_path_once_and_the_count_gives_the_plan_back() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Int[0, 6_000])
            .AlwaysHolds(
                (paths, shards) =>
                {
                    ShardPlan plan = ShardPlan.ByCount(paths, shards);
                    int next = 0;
                    for (int s = 0; s < plan.Count; s++)
                    {
                        (int first, int count) = plan.Range(s);
                        Assert.Equal(next, first);
                        Assert.True(count >= 1);
                        next += count;
                    }

                    Assert.Equal(paths, next);
                    Assert.InRange(plan.Count, 1, Math.Max(1, shards));
                    Assert.Equal(plan, ShardPlan.ByCount(paths, plan.Count));
                },
                cases: 5_000
            );

    [Fact]
    public void A_shard_is_no_larger_than_its_cells_unless_one_path_is() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 60], Gen.Int[1, 5_000], Gen.Int[1, 2_000_000])
            .AlwaysHolds(
                (paths, horizon, width, cells) =>
                {
                    int n = ShardPlan.ByCells(paths, horizon, width, cells).PathsPerShard;
                    Assert.True(n == 1 || (long)n * horizon * width <= cells);
                },
                cases: 5_000
            );

    [Fact]
    public void There_is_no_shard_outside_the_plan()
    {
        ShardPlan plan = ShardPlan.ByCount(10, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Range(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Range(plan.Count));
    }
}
