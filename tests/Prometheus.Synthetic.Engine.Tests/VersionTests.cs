using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests;

public sealed class VersionTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_identical_request_answers_with_the_existing_set_and_a_forced_one_makes_the_next_version()
    {
        ScenarioSetRef first = await market.GenerateAsync("LINE_A", Ct);
        ScenarioSetRef again = await market.GenerateAsync("LINE_A", Ct);
        ScenarioSetRef forced = await market.GenerateAsync("LINE_A", Ct, nonce: "on purpose");

        Assert.False(first.Existed);
        Assert.True(again.Existed);
        Assert.Equal(first.ScenarioSetId, again.ScenarioSetId);
        Assert.Equal(2, forced.Version);
        // The same question on the same data: another version, the same content.
        Assert.Equal(first.ContentHash, forced.ContentHash);
        ScenarioSetStore sets = (await market.EngineAsync(Ct)).GetRequiredService<ScenarioSetStore>();
        Assert.Equal(first.ScenarioSetId, (await sets.FindAsync(forced.ScenarioSetId, Ct))!.Supersedes);
        Assert.Equal(forced.ScenarioSetId, await sets.CurrentOfLineageAsync("LINE_A", Ct));
    }

    [Fact]
    public async Task Versions_made_at_once_neither_collide_nor_skip()
    {
        await market.EngineAsync(Ct);
        ScenarioSetRef[] made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => market.GenerateAsync("LINE_B", Ct, paths: 5, nonce: $"n{i}"))
        );

        Assert.Equal(Enumerable.Range(1, 8), made.Select(m => m.Version).Order());
        ScenarioSetStore sets = (await market.EngineAsync(Ct)).GetRequiredService<ScenarioSetStore>();
        IReadOnlyList<ScenarioSetDocument> versions = await sets.VersionsAsync("LINE_B", Ct);
        Assert.Equal(versions[0].Id, await sets.CurrentOfLineageAsync("LINE_B", Ct));
        // Each names the one before it: the lineage is a chain.
        Assert.Equal(versions.Skip(1).Select(v => (Guid?)v.Id).Append(null), versions.Select(v => v.Supersedes));
    }

    [Fact]
    public async Task The_cut_into_shards_changes_no_byte()
    {
        ScenarioSetRef one = await market.GenerateAsync("LINE_C", Ct, shards: 1, nonce: "1");
        ScenarioSetRef three = await market.GenerateAsync("LINE_C", Ct, shards: 3, nonce: "3");
        ScenarioSetRef forty = await market.GenerateAsync("LINE_C", Ct, shards: 40, nonce: "40");

        Assert.Equal(one.ContentHash, three.ContentHash);
        Assert.Equal(one.ContentHash, forty.ContentHash);
        Assert.Equal(
            await market.ContentAsync(one.ScenarioSetId, Ct),
            await market.ContentAsync(forty.ScenarioSetId, Ct)
        );
    }

    [Fact]
    public async Task Sets_that_saw_the_same_share_a_snapshot_and_restating_history_changes_neither()
    {
        ScenarioSetRef before = await market.GenerateAsync("LINE_D", Ct);
        ScenarioSetRef other = await market.GenerateAsync("LINE_D_OTHER", Ct, paths: 20);
        IServiceProvider engine = await market.EngineAsync(Ct);
        ScenarioSetStore sets = engine.GetRequiredService<ScenarioSetStore>();
        ScenarioSetDocument a = (await sets.FindAsync(before.ScenarioSetId, Ct))!;
        ScenarioSetDocument b = (await sets.FindAsync(other.ScenarioSetId, Ct))!;
        Assert.Equal(a.SnapshotHash, b.SnapshotHash);

        await market.ExecuteAsync(
            "UPDATE returns_daily SET ret_1d = ret_1d + 0.001 WHERE instrument_id = 'EQUITY:T0' AND date BETWEEN '2020-03-01' AND '2020-03-31'",
            Ct
        );
        var verifier = engine.GetRequiredService<Engine.Verification.SetVerifier>();
        Assert.Equal(
            Engine.Verification.VerificationOutcome.Verified,
            (await verifier.VerifyAsync(a.Id, "tester", null, Ct)).Outcome
        );
        ScenarioSetRef after = await market.GenerateAsync("LINE_D", Ct, nonce: "restated");
        Assert.NotEqual(a.SnapshotHash, (await sets.FindAsync(after.ScenarioSetId, Ct))!.SnapshotHash);
        Assert.NotEqual(before.ContentHash, after.ContentHash);
    }

    [Fact]
    public async Task A_request_whose_set_was_evicted_finds_it_and_one_whose_set_was_deleted_makes_another()
    {
        ScenarioSetRef first = await market.GenerateAsync("LINE_E", Ct);
        SetLifecycle life = (await market.EngineAsync(Ct)).GetRequiredService<SetLifecycle>();
        await life.EvictAsync(first.ScenarioSetId, new Act("tester"), Ct);
        ScenarioSetRef evicted = await market.GenerateAsync("LINE_E", Ct);
        Assert.True(evicted.Existed);

        await life.DeleteAsync(first.ScenarioSetId, new Act("tester", "wrong data"), Ct);
        ScenarioSetRef second = await market.GenerateAsync("LINE_E", Ct);
        Assert.False(second.Existed);
        Assert.NotEqual(first.ScenarioSetId, second.ScenarioSetId);
        Assert.Equal(2, second.Version);
        Assert.Equal(first.ContentHash, second.ContentHash);
    }

    /// <summary>The bytes of one small set, pinned: whoever changes them raises <see cref="EngineVersion.Numeric"/>.</summary>
    [Fact]
    public async Task The_numeric_version_stands_for_these_bytes()
    {
        // History up to a day that no other test restates.
        ScenarioSetRef set = await (await market.EngineAsync(Ct))
            .GetRequiredService<ISyntheticScenarioEngine>()
            .GenerateScenarioSetAsync(
                SmallMarket.Request("LINE_F", paths: 3) with
                {
                    AsOfDate = new DateOnly(2020, 2, 20),
                },
                new PlanContext("tester"),
                null,
                Ct
            );
        Assert.Equal(1, EngineVersion.Numeric);
        Assert.Equal("sha256:5db5e911b8794c52b273b1882ae9c696baa265af292209186951b46deda0b78d", set.ContentHash);
    }
}
