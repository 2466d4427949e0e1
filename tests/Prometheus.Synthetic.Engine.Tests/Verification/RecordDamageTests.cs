using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;

namespace Prometheus.Synthetic.Engine.Tests.Verification;

/// <summary>
/// What an owner past the triggers can alter beside the shocks: manifest, hash, marks, notes, drivers, arrays that are no
/// plain arrays. Each is told apart and named.
/// </summary>
public sealed class RecordDamageTests(SmallMarket market) : IClassFixture<SmallMarket>
{
    private static int s_next;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Rows and recomputation agree with the record's hash: it is the manifest that somebody altered.</summary>
    [Theory]
    [InlineData("set_byte(path_digests, 5, get_byte(path_digests, 5) # 1)", false)]
    [InlineData("set_byte(path_digests, 5, get_byte(path_digests, 5) # 1)", true)]
    public async Task One_bit_of_the_manifest_is_found_and_named_by_path(string digests, bool evicted)
    {
        ScenarioSetRef set = await GenerateAsync();
        if (evicted)
            await EvictAsync(set.ScenarioSetId);
        await market.TamperAsync(
            $"UPDATE synthetic.shards SET path_digests = {digests} WHERE scenario_set_id = '{set.ScenarioSetId}' AND shard = 1",
            Ct
        );
        int first = await market.ScalarAsync<int>(
            $"SELECT first_path FROM synthetic.shards WHERE scenario_set_id = '{set.ScenarioSetId}' AND shard = 1",
            Ct
        );

        VerificationReport report = await VerifyAsync(set.ScenarioSetId);

        Assert.Equal("RecordDamaged", $"{report.Outcome}");
        Assert.False(report.IsSound);
        Assert.Equal(
            ("manifest and record", (int?)first),
            (report.FirstDifference!.Between, report.FirstDifference.Path)
        );
        Assert.Contains("the manifest", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_that_is_missing_in_the_manifest_is_named_by_its_first_path()
    {
        ScenarioSetRef set = await GenerateAsync();
        int first = await market.ScalarAsync<int>(
            $"SELECT max(first_path) FROM synthetic.shards WHERE scenario_set_id = '{set.ScenarioSetId}'",
            Ct
        );
        await market.TamperAsync(
            $"DELETE FROM synthetic.shards WHERE scenario_set_id = '{set.ScenarioSetId}' AND first_path = {first}",
            Ct
        );
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);
        Assert.Equal("RecordDamaged", $"{report.Outcome}");
        Assert.Equal(first, report.FirstDifference!.Path);
        Assert.Contains("missing", report.FirstDifference.Problem, StringComparison.Ordinal);
    }

    /// <summary>The rows are innocent: everything but the record agrees.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_altered_hash_in_the_record_is_not_blamed_on_the_rows(bool evicted)
    {
        ScenarioSetRef set = await GenerateAsync();
        if (evicted)
            await EvictAsync(set.ScenarioSetId);
        string other = "sha256:" + new string('a', 64);
        await market.TamperAsync(
            $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"content_hash": "{{other}}"}' WHERE id = '{{set.ScenarioSetId}}'""",
            Ct
        );
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);
        Assert.Equal("RecordDamaged", $"{report.Outcome}");
        Assert.Equal("content and record", report.FirstDifference!.Between);
        Assert.Equal((set.ContentHash, other), (report.FirstDifference.Expected, report.FirstDifference.Found));
        Assert.DoesNotContain("rows are not what was sealed", report.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "UPDATE synthetic.path_shocks SET shocks[2] = NULL WHERE scenario_set_id = '{0}' AND scenario_id = 4 AND driver_no = 2",
        4,
        "EQUITY:T2",
        "no plain array"
    )]
    [InlineData(
        "UPDATE synthetic.path_shocks SET shocks = ARRAY[shocks] WHERE scenario_set_id = '{0}' AND scenario_id = 6 AND driver_no = 1",
        6,
        "EQUITY:T1",
        "no plain array"
    )]
    [InlineData(
        "UPDATE synthetic.path_shocks SET shocks = '{{}}' WHERE scenario_set_id = '{0}' AND scenario_id = 8 AND driver_no = 0",
        8,
        "EQUITY:T0",
        "0 steps instead of 10"
    )]
    [InlineData(
        "INSERT INTO synthetic.cell_marks VALUES ('{0}', 3, 2, 4, '{{\"overlay\": \"X\"}}')",
        3,
        null,
        "annotation"
    )]
    [InlineData(
        "INSERT INTO synthetic.cell_marks VALUES ('{0}', 3, 2, 77, '{{\"overlay\": \"X\"}}')",
        3,
        null,
        "annotation"
    )]
    [InlineData(
        "UPDATE synthetic.path_annotations SET probability = 0.5 WHERE scenario_set_id = '{0}' AND scenario_id = 12",
        12,
        null,
        "annotation"
    )]
    [InlineData(
        "DELETE FROM synthetic.path_annotations WHERE scenario_set_id = '{0}' AND scenario_id = 13",
        13,
        null,
        "annotation"
    )]
    [InlineData(
        "INSERT INTO synthetic.path_annotations (scenario_set_id, scenario_id, probability) VALUES ('{0}', 40, 0.5)",
        null,
        null,
        "1 rows are stored that belong to no path"
    )]
    [InlineData(
        "UPDATE synthetic.set_drivers SET unit = 'percent' WHERE scenario_set_id = '{0}' AND driver_no = 3",
        null,
        null,
        "driver 3"
    )]
    public async Task Whatever_was_altered_in_the_rows_is_named(string sql, int? path, string? driver, string problem)
    {
        ScenarioSetRef set = await GenerateAsync();
        // The checks hold for an owner too; so an owner drops them first.
        string[] checks = ["shocks_are_possible", "shocks_have_a_horizon"];
        string[] restore = new string[checks.Length];
        for (int i = 0; i < checks.Length; i++)
        {
            restore[i] = await market.ScalarAsync<string>(
                $"SELECT format('ALTER TABLE synthetic.path_shocks ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conname = '{checks[i]}'",
                Ct
            );
            await market.ExecuteAsync($"ALTER TABLE synthetic.path_shocks DROP CONSTRAINT {checks[i]}", Ct);
        }

        await market.TamperAsync(string.Format(sql, set.ScenarioSetId), Ct);
        foreach (string sentence in restore)
            await market.ExecuteAsync(
                sentence.EndsWith("NOT VALID", StringComparison.Ordinal) ? sentence : sentence + " NOT VALID",
                Ct
            );
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);
        Assert.Equal(VerificationOutcome.StoredRowsDiffer, report.Outcome);
        Assert.Equal((path, driver), (report.FirstDifference!.Path, report.FirstDifference.Driver));
        Assert.Contains(problem, report.FirstDifference.Problem, StringComparison.Ordinal);
    }

    /// <summary>A set that a later release made, verified by this one: nothing is known against it.</summary>
    [Fact]
    public async Task A_set_of_a_later_numeric_version_is_neither_corrupt_nor_a_defect()
    {
        ScenarioSetRef set = await GenerateAsync();
        await market.TamperAsync(
            $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"numeric_version": 7, "seed": 8}' WHERE id = '{{set.ScenarioSetId}}'""",
            Ct
        );
        VerificationReport report = await VerifyAsync(set.ScenarioSetId);
        Assert.Equal("NewerNumerics", $"{report.Outcome}");
        Assert.Contains("numeric version 7", report.Sentence, StringComparison.Ordinal);
        Assert.Equal(set.ContentHash, report.StoredHash);
    }

    /// <summary>Whatever byte of a packed snapshot is hit, the answer is a sentence about the snapshot.</summary>
    [Fact]
    public async Task A_snapshot_is_found_damaged_whichever_byte_was_hit()
    {
        ScenarioSetRef set = await GenerateAsync(paths: 3);
        string where =
            $"snapshot_hash = (SELECT data ->> 'snapshot_hash' FROM synthetic.mt_doc_scenario_set WHERE id = '{set.ScenarioSetId}')";
        string original = await market.ScalarAsync<string>(
            $"SELECT encode(content, 'hex') FROM synthetic.calibration_snapshots WHERE {where}",
            Ct
        );
        try
        {
            foreach (int at in new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 100, original.Length / 2 - 1 })
            {
                foreach (int bit in new[] { 1, 128 })
                {
                    await market.TamperAsync(
                        $"UPDATE synthetic.calibration_snapshots SET content = set_byte(decode('{original}', 'hex'), {at}, get_byte(decode('{original}', 'hex'), {at}) # {bit}) WHERE {where}",
                        Ct
                    );
                    VerificationReport report = await VerifyAsync(set.ScenarioSetId);
                    Assert.True(
                        report.Outcome == VerificationOutcome.SnapshotDamaged,
                        $"byte {at}, bit {bit}: {report.Sentence}"
                    );
                }
            }
        }
        finally
        {
            await market.TamperAsync(
                $"UPDATE synthetic.calibration_snapshots SET content = decode('{original}', 'hex') WHERE {where}",
                Ct
            );
        }
    }

    private Task<ScenarioSetRef> GenerateAsync(int paths = 40) =>
        market.GenerateAsync($"D_{Interlocked.Increment(ref s_next)}", Ct, paths);

    private async Task EvictAsync(Guid id) =>
        await (await market.EngineAsync(Ct)).GetRequiredService<SetLifecycle>().EvictAsync(id, new Act("tester"), Ct);

    private async Task<VerificationReport> VerifyAsync(Guid id) =>
        await (await market.EngineAsync(Ct)).GetRequiredService<SetVerifier>().VerifyAsync(id, "tester", null, Ct);
}
