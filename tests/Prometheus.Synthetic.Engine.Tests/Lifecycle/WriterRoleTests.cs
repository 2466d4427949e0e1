using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Tests.Lifecycle;

/// <summary>The least privileged role that the engine is to run under can live a set's whole life, audit included.</summary>
public sealed class WriterRoleTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sets_whole_life_needs_no_more_than_the_writers_rights()
    {
        IServiceProvider owner = await market.EngineAsync(Ct);
        // Once more, now that there are market tables to give rights on: as 'migrate' does it, they come first.
        await owner.GetRequiredService<SchemaMigrator>().MigrateAsync(Ct);
        var services = new ServiceCollection();
        services.AddSyntheticEngine(
            new NpgsqlConnectionStringBuilder(market.Postgres.ConnectionString)
            {
                Options = "-c role=synthetic_writer",
            }.ConnectionString,
            new RequestLimits { ShardCells = 900 }
        );
        await using ServiceProvider writer = services.BuildServiceProvider();

        ScenarioSetRef set = await writer
            .GetRequiredService<ISyntheticScenarioEngine>()
            .GenerateScenarioSetAsync(SmallMarket.Request("WRITTEN"), new PlanContext("w"), null, Ct);
        SetLifecycle life = writer.GetRequiredService<SetLifecycle>();
        Assert.True(await life.EvictAsync(set.ScenarioSetId, new Act("w"), Ct));
        Assert.True(
            await writer.GetRequiredService<Rehydrator>().RehydrateAsync(set.ScenarioSetId, new Act("w"), null, Ct)
        );
        VerificationReport report = await writer
            .GetRequiredService<SetVerifier>()
            .VerifyAsync(set.ScenarioSetId, new Act("w", "quarterly"), null, Ct);
        Assert.Equal(VerificationOutcome.Verified, report.Outcome);
        await life.TagAsync(set.ScenarioSetId, ["T"], [], new Act("w"), Ct);
        await writer.GetRequiredService<RetentionService>().SetAsync("WRITTEN", 1, [], null, new Act("w", "r"), Ct);
        await life.DeleteAsync(set.ScenarioSetId, new Act("w", "over"), Ct);

        IReadOnlyList<RecordedAuditEntry> trail = await writer
            .GetRequiredService<AuditTrail>()
            .ReadAsync(set.ScenarioSetId, 100, Ct);
        Assert.Equal(
            ["SEALED", "EVICTED", "REHYDRATED", "VERIFIED", "TAGGED", "DELETED"],
            trail.Select(e => e.Entry.Action)
        );
        Assert.Equal(("w", "quarterly"), (trail[3].Entry.Actor, trail[3].Entry.Reason));
        Assert.Equal("VERIFIED", trail[3].Entry.Details["outcome"].GetString());
        // The lineage holds a tombstone alone, and its name still leads to it.
        Assert.Equal(set.ScenarioSetId, await writer.GetRequiredService<SetFinder>().FindAsync("WRITTEN", Ct));
        Assert.Equal(
            ErrorCodes.WrongState,
            (
                await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
                    life.EvictAsync(set.ScenarioSetId, new Act("w"), Ct)
                )
            )
                .Errors[0]
                .Code
        );
    }
}
