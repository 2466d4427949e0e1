using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Lifecycle;

public sealed class SetLifecycleTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eviction_drops_the_paths_and_keeps_the_record_and_rehydration_brings_back_the_identical_bytes()
    {
        ScenarioSetRef set = await market.GenerateAsync("L_CYCLE", Ct);
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        string before = await market.ContentAsync(set.ScenarioSetId, Ct);
        var message = new Guid("0d7b392b-0301-5b0d-ae7a-aae8feba68a2");

        Assert.True(await life.EvictAsync(set.ScenarioSetId, new Act("ann", "space", message), Ct));
        Assert.False(await life.EvictAsync(set.ScenarioSetId, new Act("ann"), Ct));
        Assert.Equal((1L, 0L), await VisibleAsync(set.ScenarioSetId));

        Rehydrator rehydrator = engine.GetRequiredService<Rehydrator>();
        Assert.True(await rehydrator.RehydrateAsync(set.ScenarioSetId, new Act("bob"), null, Ct));
        Assert.False(await rehydrator.RehydrateAsync(set.ScenarioSetId, new Act("bob"), null, Ct));
        Assert.Equal(before, await market.ContentAsync(set.ScenarioSetId, Ct));
        Assert.Equal((1L, 40L * 11 * SmallMarket.Width), await VisibleAsync(set.ScenarioSetId));

        IReadOnlyList<RecordedAuditEntry> trail = await engine
            .GetRequiredService<AuditTrail>()
            .ReadAsync(set.ScenarioSetId, 100, Ct);
        Assert.Equal(["SEALED", "EVICTED", "REHYDRATED"], trail.Select(e => e.Entry.Action));
        Assert.Equal(
            ("ann", "space", (Guid?)message),
            (trail[1].Entry.Actor, trail[1].Entry.Reason, trail[1].Entry.MessageId)
        );
    }

    [Fact]
    public async Task What_an_interrupted_rehydration_left_is_cleared_by_the_next()
    {
        ScenarioSetRef set = await market.GenerateAsync("L_INTERRUPTED", Ct);
        IServiceProvider engine = await market.EngineAsync(Ct);
        string before = await market.ContentAsync(set.ScenarioSetId, Ct);
        await market.ExecuteAsync(
            $"CREATE TABLE kept_rows AS SELECT * FROM synthetic.path_shocks WHERE scenario_set_id = '{set.ScenarioSetId}' AND scenario_id < 15",
            Ct
        );
        await engine.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, new Act("ann"), Ct);
        await market.ExecuteAsync(
            "INSERT INTO synthetic.path_shocks SELECT * FROM kept_rows; DROP TABLE kept_rows",
            Ct
        );
        Assert.Equal((1L, 0L), await VisibleAsync(set.ScenarioSetId));

        Assert.True(
            await engine.GetRequiredService<Rehydrator>().RehydrateAsync(set.ScenarioSetId, new Act("bob"), null, Ct)
        );
        Assert.Equal(before, await market.ContentAsync(set.ScenarioSetId, Ct));
    }

    [Fact]
    public async Task A_set_that_could_not_be_brought_back_is_not_evicted_unless_forced_with_a_reason()
    {
        ScenarioSetRef set = await market.GenerateAsync("L_STUCK", Ct, paths: 11);
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        await market.ExecuteAsync(
            $"CREATE TABLE kept_snapshot AS SELECT s.* FROM synthetic.calibration_snapshots s JOIN synthetic.mt_doc_scenario_set d ON d.data ->> 'snapshot_hash' = s.snapshot_hash WHERE d.id = '{set.ScenarioSetId}'",
            Ct
        );
        await market.TamperAsync(
            "UPDATE synthetic.calibration_snapshots SET content = '\\x00' WHERE snapshot_hash IN (SELECT snapshot_hash FROM kept_snapshot)",
            Ct
        );
        try
        {
            ScenarioRefusedException stuck = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
                life.EvictAsync(set.ScenarioSetId, new Act("ann", "space"), Ct)
            );
            Assert.Equal(ErrorCodes.WrongState, stuck.Errors[0].Code);
            Assert.Contains("was altered", stuck.Message, StringComparison.Ordinal);
            Assert.Equal((1L, 11L * 11 * SmallMarket.Width), await VisibleAsync(set.ScenarioSetId));
            ScenarioRefusedException mute = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
                life.EvictAsync(set.ScenarioSetId, new Act("ann"), Ct, force: true)
            );
            Assert.Equal("reason", mute.Errors[0].Field);

            Assert.True(await life.EvictAsync(set.ScenarioSetId, new Act("ann", "disk is full"), Ct, force: true));
            Assert.Contains(
                "was altered",
                await market.ScalarAsync<string>(
                    $"SELECT details ->> 'forced_although' FROM synthetic.audit_trail WHERE scenario_set_id = '{set.ScenarioSetId}' AND action = 'EVICTED'",
                    Ct
                ),
                StringComparison.Ordinal
            );
        }
        finally
        {
            await market.TamperAsync(
                "UPDATE synthetic.calibration_snapshots s SET content = k.content FROM kept_snapshot k WHERE k.snapshot_hash = s.snapshot_hash",
                Ct
            );
            await market.ExecuteAsync("DROP TABLE kept_snapshot", Ct);
        }
    }

    [Fact]
    public async Task A_set_of_other_numerics_or_with_another_digest_than_the_record_could_not_be_brought_back()
    {
        ScenarioSetRef made = await market.GenerateAsync("L_OLDER", Ct, paths: 12);
        IServiceProvider engine = await market.EngineAsync(Ct);
        ScenarioSetStore sets = engine.GetRequiredService<ScenarioSetStore>();
        Storage.Documents.ScenarioSetDocument set = (await sets.FindAsync(made.ScenarioSetId, Ct))!;
        Recomputation now = engine.GetRequiredService<Recomputation>();
        Assert.Null(await now.ProblemAsync(set, Ct));
        string? older = await new Recomputation(
            sets,
            engine.GetRequiredService<ShardStore>(),
            engine.GetRequiredService<Generation.CalibratedGenerators>()
        )
        {
            NumericVersion = set.NumericVersion + 1,
        }.ProblemAsync(set, Ct);
        Assert.Contains($"numeric version {set.NumericVersion}", older, StringComparison.Ordinal);
        string? other = await now.ProblemAsync(set with { Seed = set.Seed + 1 }, Ct);
        Assert.Contains("path 0 comes out different", other, StringComparison.Ordinal);
    }

    /// <summary>Rows altered behind the triggers and then evicted: the sealed bytes agree with the record, not with what went.</summary>
    [Fact]
    public async Task What_was_altered_before_its_eviction_comes_back_only_when_the_owner_says_so()
    {
        ScenarioSetRef set = await market.GenerateAsync("L_ALTERED", Ct, paths: 13);
        IServiceProvider engine = await market.EngineAsync(Ct);
        string before = await market.ContentAsync(set.ScenarioSetId, Ct);
        await market.TamperAsync(
            $"UPDATE synthetic.path_shocks SET shocks[3] = shocks[3] + 1e-9 WHERE scenario_set_id = '{set.ScenarioSetId}' AND scenario_id = 4",
            Ct
        );
        await engine.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, new Act("ann"), Ct);
        Rehydrator rehydrator = engine.GetRequiredService<Rehydrator>();
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            rehydrator.RehydrateAsync(set.ScenarioSetId, new Act("ann"), null, Ct)
        );
        Assert.Contains("altered before they were evicted", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1L, 0L), await VisibleAsync(set.ScenarioSetId));

        await market.ExecuteAsync(
            $"DELETE FROM synthetic.evicted_contents WHERE scenario_set_id = '{set.ScenarioSetId}'",
            Ct
        );
        Assert.True(await rehydrator.RehydrateAsync(set.ScenarioSetId, new Act("ann"), null, Ct));
        Assert.Equal(before, await market.ContentAsync(set.ScenarioSetId, Ct));
    }

    [Fact]
    public async Task Deletion_needs_a_reason_leaves_a_tombstone_and_moves_the_pointer_back()
    {
        ScenarioSetRef first = await market.GenerateAsync("L_DELETE", Ct);
        ScenarioSetRef second = await market.GenerateAsync("L_DELETE", Ct, nonce: "2");
        IServiceProvider engine = await market.EngineAsync(Ct);
        SetLifecycle life = engine.GetRequiredService<SetLifecycle>();
        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            life.DeleteAsync(second.ScenarioSetId, new Act("ann"), Ct)
        );
        Assert.Equal((ErrorCodes.Missing, "reason"), (refused.Errors[0].Code, refused.Errors[0].Field));

        Assert.True(await life.DeleteAsync(second.ScenarioSetId, new Act("ann", "wrong splits"), Ct));

        Assert.Equal((0L, 0L), await VisibleAsync(second.ScenarioSetId));
        ScenarioSetStore sets = engine.GetRequiredService<ScenarioSetStore>();
        Assert.Equal(second.ContentHash, (await sets.FindAsync(second.ScenarioSetId, Ct))!.ContentHash);
        Assert.Equal(first.ScenarioSetId, await sets.CurrentOfLineageAsync("L_DELETE", Ct));
        ScenarioSetRef third = await market.GenerateAsync("L_DELETE", Ct, nonce: "3");
        Assert.Equal(3, third.Version);
        Assert.Equal(first.ScenarioSetId, (await sets.FindAsync(third.ScenarioSetId, Ct))!.Supersedes);
        foreach (
            Func<Task> act in new Func<Task>[]
            {
                () => life.EvictAsync(second.ScenarioSetId, new Act("ann"), Ct),
                () =>
                    engine
                        .GetRequiredService<Rehydrator>()
                        .RehydrateAsync(second.ScenarioSetId, new Act("ann"), null, Ct),
            }
        )
            Assert.Equal(
                ErrorCodes.WrongState,
                (await Assert.ThrowsAsync<ScenarioRefusedException>(act)).Errors[0].Code
            );
    }

    [Fact]
    public async Task Tags_given_later_are_shown_with_those_of_the_request_which_stay()
    {
        ScenarioSetRef set = await market.GenerateAsync("L_TAGS", Ct);
        SetLifecycle life = (await market.EngineAsync(Ct)).GetRequiredService<SetLifecycle>();
        await life.TagAsync(set.ScenarioSetId, ["B", "A"], [], new Act("ann"), Ct);
        await life.TagAsync(set.ScenarioSetId, ["A"], ["B"], new Act("ann"), Ct);
        string[] tags = await market.ScalarAsync<string[]>(
            $"SELECT tags FROM scenario_sets WHERE scenario_set_id = '{set.ScenarioSetId}'",
            Ct
        );
        Assert.Equal(["A"], tags);
        Assert.Equal(
            3L,
            await market.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.audit_trail WHERE scenario_set_id = '{set.ScenarioSetId}' AND action IN ('TAGGED', 'UNTAGGED')",
                Ct
            )
        );
    }

    [Fact]
    public async Task Retention_evicts_what_no_rule_keeps_and_nothing_else()
    {
        var made = new List<ScenarioSetRef>();
        for (int i = 0; i < 4; i++)
            made.Add(await market.GenerateAsync("R_LINE", Ct, paths: 5, nonce: $"{i}"));
        await market.GenerateAsync("OTHER_LINE", Ct, paths: 5);
        IServiceProvider engine = await market.EngineAsync(Ct);
        await engine
            .GetRequiredService<SetLifecycle>()
            .TagAsync(made[0].ScenarioSetId, ["KEEP"], [], new Act("ann"), Ct);
        RetentionService retention = engine.GetRequiredService<RetentionService>();
        await retention.SetAsync("R_*", 2, ["KEEP"], null, new Act("ann", "policy 4.2"), Ct);

        IReadOnlyList<RetentionVerdict> planned = await retention.PlanAsync(Ct);
        IReadOnlyList<RetentionVerdict> done = await retention.ApplyAsync(new Act("ann"), Ct);

        Assert.Equal(planned, done);
        Assert.Equal([2], done.Where(v => v.Evict).Select(v => v.Version));
        Assert.Equal((1L, 0L), await VisibleAsync(made[1].ScenarioSetId));
        Assert.Equal((1L, 5L * 11 * SmallMarket.Width), await VisibleAsync(made[0].ScenarioSetId));
        Assert.DoesNotContain(await retention.ApplyAsync(new Act("ann"), Ct), v => v.Evict);
    }

    private async Task<(long Sets, long Cells)> VisibleAsync(Guid id) =>
        (
            await market.ScalarAsync<long>($"SELECT count(*) FROM scenario_sets WHERE scenario_set_id = '{id}'", Ct),
            await market.ScalarAsync<long>($"SELECT count(*) FROM scenario_paths WHERE scenario_set_id = '{id}'", Ct)
        );
}
