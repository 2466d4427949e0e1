using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>
/// Databases as each earlier release left them, with sets in every state and all that those releases keep beside them:
/// after the migration every row is what it was, every view can be read, and the sets' lives go on.
/// </summary>
public sealed class MigratedLifeTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private const string Sealed = "10000000-0000-0000-0000-000000000001";
    private const string Evicted = "10000000-0000-0000-0000-000000000002";
    private const string Deleted = "10000000-0000-0000-0000-000000000003";
    private const string Failed = "10000000-0000-0000-0000-000000000004";
    private const string Open = "10000000-0000-0000-0000-000000000005";

    /// <summary>Tables that hold what must survive, those that a later schema may fill by itself left out.</summary>
    private const string Kept =
        "mt_doc_scenario_set,calibration_snapshots,lineages,set_drivers,path_shocks,path_annotations,cell_marks,shards,audit_trail,set_tags,verifications,retention_policies,message_journal,set_diagnostics,evicted_contents";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Released { get; } = [.. Enumerable.Range(1, SchemaMigrator.NewestVersion - 1)];

    [Theory]
    [MemberData(nameof(Released))]
    public async Task What_an_earlier_schema_holds_is_kept_row_by_row_and_lives_on(int from)
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct, from);
        await FillAsync(from);
        string before = await ContentAsync();

        await database.MigrateAsync(Ct);

        Assert.Equal(before, await ContentAsync());
        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM scenario_sets", Ct));
        Assert.Equal(
            "2020-03-02 ALL",
            await database.ScalarAsync<string>(
                $"SELECT shock_metadata ->> 'source_date' || ' ' || (shock_metadata ->> 'overlay') FROM scenario_paths WHERE scenario_set_id = '{Sealed}' AND scenario_id = 1 AND horizon_index = 2",
                Ct
            )
        );
        await EveryViewIsReadAsync();
        await LifeGoesOnAsync();
    }

    /// <summary>An older program would give its roles rights over tables that it has never heard of.</summary>
    [Fact]
    public async Task A_schema_of_a_later_release_is_left_alone()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct);
        await database.ExecuteAsync(
            "INSERT INTO synthetic.schema_versions VALUES (9000, '9000_later', now()); CREATE TABLE synthetic.later (x int)",
            Ct
        );

        ScenarioRefusedException refused = await Assert.ThrowsAsync<ScenarioRefusedException>(() =>
            database.MigrateAsync(Ct)
        );

        Assert.Equal(ErrorCodes.WrongState, refused.Errors[0].Code);
        Assert.Contains("9000", refused.Message, StringComparison.Ordinal);
        Assert.False(
            await database.ScalarAsync<bool>(
                "SELECT has_table_privilege('synthetic_writer', 'synthetic.later', 'INSERT')",
                Ct
            )
        );
    }

    private async Task FillAsync(int from)
    {
        await database.ExecuteAsync(
            Whole(Sealed, "KEPT", 1)
                + Whole(Evicted, "KEPT", 2)
                + Change(Evicted, "Evicted")
                + Removal(Evicted)
                + Whole(Deleted, "KEPT", 3)
                + Change(Deleted, "Deleted")
                + Removal(Deleted)
                + SetDatabase.GeneratingSet(Failed, "LOST")
                + Change(Failed, "Failed")
                + SetDatabase.GeneratingSet(Open, "OPEN")
                + SetDatabase.Driver(Open)
                + SetDatabase.Rows(Open)
                + $"INSERT INTO synthetic.lineages VALUES ('KEPT', '{Evicted}', 3);",
            Ct
        );
        if (from >= 3)
            await database.ExecuteAsync(
                $"INSERT INTO synthetic.audit_trail (at, actor, action, scenario_set_id, reason, engine_version) VALUES ('2025-01-03', 'ann', 'SEALED', '{Sealed}', NULL, '1')",
                Ct
            );
        if (from >= 4)
            await database.ExecuteAsync(
                $"""
                INSERT INTO synthetic.set_tags VALUES ('{Sealed}', 'LATER', '2025-01-04', 'ann');
                INSERT INTO synthetic.verifications (scenario_set_id, verified_at, verified_by, engine_version, numeric_version, outcome, recorded_hash, seconds)
                VALUES ('{Sealed}', '2025-01-04', 'ann', '1', 1, 'VERIFIED', 'sha256:x', 0.1), ('{Evicted}', '2025-01-04', 'ann', '1', 1, 'OLDER_NUMERICS', 'sha256:x', 0.1);
                INSERT INTO synthetic.retention_policies VALUES ('KEPT', 2, ARRAY['LATER'], 30, '2025-01-04', 'ann', 'policy');
                """,
                Ct
            );
        if (from >= 5)
            await database.ExecuteAsync(
                "INSERT INTO synthetic.message_journal VALUES ('CONSUMED', 'T', gen_random_uuid(), 'k', NULL, 'e', 'b', sha256('b'), 'DONE', NULL, 1, '2025-01-05', '2025-01-05')",
                Ct
            );
        if (from >= 6)
            await database.ExecuteAsync(
                $$"""INSERT INTO synthetic.set_diagnostics VALUES ('{{Sealed}}', '2025-01-06', '1', 0.5, '{"paths_sampled": 2, "fidelity": [{"name": "n", "verdict": "PASS"}], "coverage": {"cells": [{"tail": "t", "paths": 2}] } }', NULL), ('{{Evicted}}', '2025-01-06', '1', 0.5, NULL, 'a reason')""",
                Ct
            );
    }

    private async Task EveryViewIsReadAsync()
    {
        string[] views = await database.ScalarAsync<string[]>(
            "SELECT array_agg(format('%I.%I', schemaname, viewname)) FROM pg_views WHERE schemaname = 'public' AND viewname LIKE 'scenario%'",
            Ct
        );
        Assert.True(views.Length >= 3);
        foreach (string view in views)
            await database.ScalarAsync<long>($"SELECT count(*) FROM (SELECT * FROM {view} v) rows", Ct);
    }

    /// <summary>
    /// A set that was evicted before there were fingerprints comes back once by its row count alone (the engine compares
    /// every path with the manifest); from then on the database knows its content.
    /// </summary>
    private async Task LifeGoesOnAsync()
    {
        await database.ExecuteAsync(Content(Evicted) + Change(Evicted, "Sealed") + Change(Evicted, "Evicted"), Ct);
        Assert.Equal(
            1L,
            await database.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.evicted_contents WHERE scenario_set_id = '{Evicted}'",
                Ct
            )
        );
        await database.ExecuteAsync(SetDatabase.Seal(Open) + Change(Sealed, "Deleted"), Ct);
        Assert.Equal(2L, await database.ScalarAsync<long>("SELECT count(*) FROM scenario_sets", Ct));
    }

    private static string Whole(string id, string name, int version) =>
        SetDatabase.GeneratingSet(id, name)
        + SetDatabase.Driver(id)
        + Content(id)
        + SetDatabase.Shard(id, 0, 0, 2)
        + SetDatabase.Seal(id, version);

    private static string Content(string id) =>
        $$"""
            INSERT INTO synthetic.path_shocks VALUES ('{{id}}', 0, 0, '{0.1,0.2}'), ('{{id}}', 0, 1, '{0.3,-0.4}');
            INSERT INTO synthetic.path_annotations VALUES ('{{id}}', 1, ARRAY['2020-03-01', '2020-03-02']::date[], 0.5, '{"kind": "window"}');
            INSERT INTO synthetic.cell_marks VALUES ('{{id}}', 1, 2, -1, '{"overlay": "ALL"}');
            """;

    /// <summary>As the owner may; the function for it came with the third schema.</summary>
    private static string Removal(string id) =>
        string.Concat(
            new[] { "path_shocks", "path_annotations", "cell_marks" }.Select(t =>
                $"DELETE FROM synthetic.{t} WHERE scenario_set_id = '{id}';"
            )
        );

    private static string Change(string id, string status) =>
        $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"status": "{{status}}"}' WHERE id = '{{id}}';""";

    /// <summary>Every kept row of every kept table there is, as text.</summary>
    private async Task<string> ContentAsync()
    {
        var content = new List<string>();
        foreach (string table in Kept.Split(','))
        {
            bool there = await database.ScalarAsync<bool>($"SELECT to_regclass('synthetic.{table}') IS NOT NULL", Ct);
            string rows = there
                ? await database.ScalarAsync<string>(
                    $"SELECT coalesce(string_agg(row_to_json(t)::text, E'\\n' ORDER BY row_to_json(t)::text), '') FROM synthetic.{table} t",
                    Ct
                )
                : string.Empty;
            content.Add($"{table}\n{rows}");
        }

        return string.Join('\n', content);
    }
}
