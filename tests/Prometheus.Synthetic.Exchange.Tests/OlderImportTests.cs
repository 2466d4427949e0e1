using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;

namespace Prometheus.Synthetic.Exchange.Tests;

/// <summary>
/// Sets that were imported when a snapshot still held the paths themselves, as one value. The snapshot and the content hash
/// here were written by that version.
/// </summary>
public sealed class OlderImportTests(ExchangeRoom room) : IClassFixture<ExchangeRoom>
{
    private const string ContentHash = "sha256:c128d38a3f0e682b5c0d68db636383d5b443b6b35b3b1ba92d3bd944effb7ff1";
    private const string SnapshotHash = "sha256:f87e173e0bee7cedd11934f69fab5bcfc44a5257ce11ad2b58f8908cf556d75d";

    private const string Snapshot =
        "KLUv/WDOAK0JAAaRPzVgi1oMkOEkxIywCgShjx5CAQzF+8PTWtMUlUJgf+MhLtKrcAiefasO+TCWibLT3YRBqLi+DC4ALwAuAH9b"
        + "y+OZNYzenKvrOz/0Sv4sCHkMuiR/jzAywYhBhPHyEw64unYOgk0QLlQIF0vWfrZzc6cnwukykUyYCsPbt1fL80rM6ulQfPlMbeYP"
        + "ynMsrfy9khoMJfOQcHkOJdFmIXozhT+rVs2+74IoACUo00qxC8uuB9c6NzFCqEXo24zmK2fWVtfydn7o5C8Uadu2bRNZOAiGDeAo"
        + "fWioi5DHJANAH7gN50akUclRHQMElMYm2laeFPfC/O0ojyvyZeloDX8BFQC4FIbwwoq7mKvtxAbagc34kmishmXhRnN4a8JuAuCa"
        + "P9UEh3KFUGgQGRCFE4pQUYCdUA==";

    private const string Csv = """
        scenario_id,instrument_id,factor_id,macro_id,annotation,h1,h2
        0,EQUITY:A,,,"{""probability"":0.25}",0.1,-0.2
        0,,MKT,,,0.30000000000000004,-0.125
        0,,,DGS10,,-1.5,2
        1,EQUITY:A,,,,0.01,0
        1,,MKT,,,1e-300,-0.0
        1,,,DGS10,,0.1,0.2
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_verified_evicted_rehydrated_and_found_again()
    {
        ScenarioSetRef set = await ImportAsync();
        Assert.Equal(ContentHash, set.ContentHash);
        await room.ExecuteAsync(
            $"""
            INSERT INTO synthetic.calibration_snapshots VALUES ('{SnapshotHash}', 462, decode('{Snapshot}', 'base64'), now());
            BEGIN; SET LOCAL session_replication_role = replica;
            UPDATE synthetic.mt_doc_scenario_set SET data = jsonb_set(data, ARRAY['snapshot_hash'], '"{SnapshotHash}"') WHERE id = '{set.ScenarioSetId}';
            COMMIT;
            DELETE FROM synthetic.given_paths
            """,
            Ct
        );

        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(set.ScenarioSetId, Ct)).Outcome);
        IServiceProvider services = await room.ServicesAsync(Ct);
        Assert.True(
            await services.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, ExchangeRoom.Act, Ct)
        );
        Assert.True(
            await services
                .GetRequiredService<Rehydrator>()
                .RehydrateAsync(set.ScenarioSetId, ExchangeRoom.Act, null, Ct)
        );
        VerificationReport report = await room.VerifyAsync(set.ScenarioSetId, Ct);
        Assert.Equal((VerificationOutcome.Verified, ContentHash), (report.Outcome, report.FreshHash));

        ScenarioSetRef again = await ImportAsync();
        Assert.Equal((set.ScenarioSetId, true), (again.ScenarioSetId, again.Existed));
        Assert.Equal(0L, await room.ScalarAsync<long>("SELECT count(*) FROM synthetic.given_paths", Ct));
    }

    private Task<ScenarioSetRef> ImportAsync() =>
        room.ImportAsync(room.Write("older.csv", Csv), ExchangeRoom.HandMadeRequest("OLDER"), Ct);
}
