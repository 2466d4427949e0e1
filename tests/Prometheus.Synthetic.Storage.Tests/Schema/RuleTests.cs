using Npgsql;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>Rules that hold whoever writes: each is broken here by plain SQL, as owner or as writer.</summary>
public sealed class RuleTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private static int s_next;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"category": "OTHER"}""", "category_is_known")]
    [InlineData("""{"horizon_days": 61}""", "horizon_in_range")]
    [InlineData("""{"horizon_days": 0}""", "horizon_in_range")]
    [InlineData("""{"num_paths": 0}""", "paths_are_counted")]
    [InlineData("""{"name": ""}""", "name_is_given")]
    [InlineData("""{"status": "Open"}""", "status_is_known")]
    [InlineData("""{"base_date_start": "2026-01-01"}""", "dates_are_ordered")]
    [InlineData("""{"as_of_date": "2024-12-31"}""", "dates_are_ordered")]
    [InlineData("""{"category": "FRAGILITY_ADVERSARIAL"}""", "adversarial_is_marked_defensive")]
    [InlineData("""{"category": "FRAGILITY_ADVERSARIAL", "defensive_test": true}""", "adversarial_is_marked_defensive")]
    [InlineData("""{"status": "Sealed"}""", "sealed_has_hash_and_version")]
    public async Task A_record_that_cannot_be_is_refused(string change, string constraint)
    {
        await database.MigrateAsync(Ct);
        PostgresException refused = await RefusedAsync(
            SetDatabase.GeneratingSet(NewId(), "RULES", $" || '{change}'::jsonb")
        );
        Assert.Equal(constraint, refused.ConstraintName);
    }

    [Theory]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 5, '{{0.1,-1}}')", "shocks_are_possible")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 5, '{{NaN}}')", "shocks_are_possible")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 5, '{{Infinity}}')", "shocks_are_possible")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 1000000, 5, '{{-Infinity}}')", "shocks_are_possible")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 5, '{{}}')", "shocks_have_a_horizon")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 1, '{{0.1}}')", "path_shocks_pkey")]
    [InlineData(
        "INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, factor_id, unit) VALUES ('{0}', 7, 'A', 'B', 'u')",
        "set_drivers_check"
    )]
    [InlineData(
        "INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, unit) VALUES ('{0}', 7, 'u')",
        "set_drivers_check"
    )]
    [InlineData(
        "INSERT INTO synthetic.set_drivers (scenario_set_id, driver_no, instrument_id, unit) VALUES ('{0}', 7, 'EQUITY:A', 'u')",
        "set_drivers_instrument"
    )]
    public async Task A_row_that_cannot_be_is_refused(string sql, string constraint)
    {
        string id = await OpenSetAsync();
        Assert.Equal(constraint, (await RefusedAsync(string.Format(sql, id))).ConstraintName);
    }

    /// <summary>A macro series may fall by more than one unit.</summary>
    [Fact]
    public async Task The_bound_of_returns_does_not_hold_for_macro_series()
    {
        string id = await OpenSetAsync();
        await database.ExecuteAsync($"INSERT INTO synthetic.path_shocks VALUES ('{id}', 1000000, 0, '{{-3,2}}')", Ct);
    }

    [Theory]
    [InlineData("UPDATE synthetic.mt_doc_scenario_set SET data = data || '{{\"seed\": 2}}' WHERE id = '{0}'")]
    [InlineData(
        "UPDATE synthetic.mt_doc_scenario_set SET data = data || '{{\"status\": \"Generating\"}}' WHERE id = '{0}'"
    )]
    [InlineData("DELETE FROM synthetic.mt_doc_scenario_set WHERE id = '{0}'")]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 9, '{{0.1,0.1}}')")]
    [InlineData("INSERT INTO synthetic.path_annotations (scenario_set_id, scenario_id) VALUES ('{0}', 0)")]
    [InlineData("UPDATE synthetic.path_shocks SET shocks[1] = 0.5 WHERE scenario_set_id = '{0}'")]
    [InlineData("UPDATE synthetic.set_drivers SET unit = 'x' WHERE scenario_set_id = '{0}'")]
    [InlineData("TRUNCATE synthetic.path_shocks")]
    [InlineData("SELECT synthetic.remove_paths('{0}', false)")]
    public async Task A_sealed_set_does_not_change_not_even_by_its_owner(string sql)
    {
        string id = await SealedSetAsync();
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await RefusedAsync(string.Format(sql, id))).SqlState);
    }

    [Fact]
    public async Task An_evicted_set_comes_back_whole_or_not_at_all()
    {
        string id = await SealedSetAsync();
        await database.ExecuteAsync(Status(id, "Evicted") + $"SELECT synthetic.remove_paths('{id}', false);", Ct);
        await database.ExecuteAsync($"INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 0, '{{0.1,0.2}}')", Ct);
        Assert.Contains(
            "1 of 2 rows",
            (await RefusedAsync(Status(id, "Sealed"))).MessageText,
            StringComparison.Ordinal
        );
        await database.ExecuteAsync($"INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 1, '{{0.3,-0.4}}')", Ct);
        await database.ExecuteAsync(Status(id, "Sealed"), Ct);
    }

    /// <summary>One bit of a shock, a note, a mark: whatever differs from what was sealed keeps the set away.</summary>
    [Theory]
    [InlineData("INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 0, '{{0.1,0.20000000000000004}}')")]
    [InlineData(
        "INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 0, '{{0.1,0.2}}'); INSERT INTO synthetic.path_annotations (scenario_set_id, scenario_id, probability) VALUES ('{0}', 1, 0.5)"
    )]
    [InlineData(
        "INSERT INTO synthetic.path_shocks VALUES ('{0}', 0, 0, '{{0.1,0.2}}'); INSERT INTO synthetic.cell_marks VALUES ('{0}', 1, 2, -1, '{{}}')"
    )]
    public async Task The_writer_cannot_put_other_content_under_a_sealed_record(string refill)
    {
        string id = await SealedSetAsync();
        await AsAsync(
            "synthetic_writer",
            Status(id, "Evicted")
                + $"SELECT synthetic.remove_paths('{id}', false);"
                + string.Format(refill, id)
                + $"; INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 1, '{{0.3,-0.4}}');"
        );
        Assert.Contains(
            "other content",
            (await RefusedAsync(Status(id, "Sealed"), "synthetic_writer")).MessageText,
            StringComparison.Ordinal
        );
        await AsAsync(
            "synthetic_writer",
            $"SELECT synthetic.remove_paths('{id}', false);" + RowsAlone(id) + Status(id, "Sealed")
        );
    }

    /// <summary>The first fingerprint is the one that counts, and only the owner can take it away.</summary>
    [Theory]
    [InlineData("INSERT INTO synthetic.evicted_contents VALUES ('{0}', decode(repeat('00', 32), 'hex'), now())")]
    [InlineData("UPDATE synthetic.evicted_contents SET fingerprint = decode(repeat('00', 32), 'hex')")]
    [InlineData("DELETE FROM synthetic.evicted_contents")]
    public async Task The_writer_has_no_hand_in_the_fingerprint(string sql)
    {
        string id = await SealedSetAsync();
        await database.ExecuteAsync(Status(id, "Evicted"), Ct);
        PostgresException refused = await RefusedAsync(string.Format(sql, id), "synthetic_writer");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    /// <summary>Missing, overlapping, or beginning too late: the shards of a sealed set have every path once.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 1)]
    public async Task A_set_is_not_sealed_under_a_manifest_that_is_not_whole(int first, int count)
    {
        await database.MigrateAsync(Ct);
        string id = NewId();
        await database.ExecuteAsync(
            SetDatabase.GeneratingSet(id, "SET_" + id)
                + SetDatabase.Driver(id)
                + RowsAlone(id)
                + (count == 0 ? "" : SetDatabase.Shard(id, 0, first, count)),
            Ct
        );
        PostgresException refused = await RefusedAsync(SetDatabase.Seal(id));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        Assert.Contains("of 2 paths", refused.MessageText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sealed")]
    [InlineData("Evicted")]
    [InlineData("Deleted")]
    [InlineData("Failed")]
    public async Task A_record_begins_open_and_never_otherwise(string status)
    {
        await database.MigrateAsync(Ct);
        string given =
            $$""" || '{"status": "{{status}}", "version": 1, "content_hash": "sha256:{{new string('a', 64)}}"}'::jsonb""";
        string id = NewId();
        PostgresException refused = await RefusedAsync(
            SetDatabase.GeneratingSet(id, "FROM_NOTHING_" + id, given),
            "synthetic_writer"
        );
        Assert.Contains("every set begins Generating", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_with_an_instrument_that_the_platform_does_not_know_is_not_sealed()
    {
        string id = await OpenSetAsync();
        await database.ExecuteAsync("CREATE TABLE public.instruments (instrument_id text PRIMARY KEY)", Ct);
        try
        {
            Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, (await RefusedAsync(SetDatabase.Seal(id))).SqlState);
            await database.ExecuteAsync("INSERT INTO public.instruments VALUES ('EQUITY:A')", Ct);
            await database.ExecuteAsync(SetDatabase.Seal(id), Ct);
        }
        finally
        {
            await database.ExecuteAsync("DROP TABLE public.instruments", Ct);
        }
    }

    [Theory]
    [InlineData("UPDATE synthetic.audit_trail SET actor = 'x'")]
    [InlineData("DELETE FROM synthetic.audit_trail")]
    [InlineData("TRUNCATE synthetic.audit_trail")]
    [InlineData("DELETE FROM synthetic.verifications")]
    public async Task The_audit_trail_is_only_added_to(string sql)
    {
        await database.MigrateAsync(Ct);
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await RefusedAsync(sql)).SqlState);
    }

    [Theory]
    [InlineData("DELETE FROM synthetic.path_shocks WHERE scenario_set_id = '{0}'")]
    [InlineData("DELETE FROM synthetic.shards WHERE scenario_set_id = '{0}'")]
    [InlineData("UPDATE synthetic.calibration_snapshots SET content = ''")]
    [InlineData("DELETE FROM synthetic.calibration_snapshots")]
    [InlineData("UPDATE synthetic.given_paths SET content = ''")]
    [InlineData("DELETE FROM synthetic.given_paths")]
    [InlineData("ALTER TABLE synthetic.path_shocks DISABLE TRIGGER ALL")]
    [InlineData("SET session_replication_role = replica")]
    [InlineData("DELETE FROM synthetic.audit_trail")]
    [InlineData("DROP VIEW public.scenario_paths")]
    public async Task The_writer_has_no_right_to_what_it_does_not_need(string sql)
    {
        string id = await SealedSetAsync();
        PostgresException refused = await RefusedAsync(string.Format(sql, id), "synthetic_writer");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task The_writer_can_make_seal_evict_and_tag_a_set()
    {
        await database.MigrateAsync(Ct);
        string id = NewId();
        await AsAsync(
            "synthetic_writer",
            SetDatabase.GeneratingSet(id, "WRITER_" + id)
                + SetDatabase.Driver(id)
                + SetDatabase.Rows(id)
                + SetDatabase.Seal(id)
                + $"INSERT INTO synthetic.set_tags VALUES ('{id}', 'T', now(), 'w');"
                + Status(id, "Evicted")
                + $"SELECT synthetic.remove_paths('{id}', false);"
        );
        Assert.Equal(
            0L,
            await database.ScalarAsync<long>(
                $"SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = '{id}'",
                Ct
            )
        );
    }

    private static string Status(string id, string status) =>
        $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"status": "{{status}}"}' WHERE id = '{{id}}';""";

    private static string RowsAlone(string id) =>
        $"INSERT INTO synthetic.path_shocks VALUES ('{id}', 0, 0, '{{0.1,0.2}}'), ('{id}', 0, 1, '{{0.3,-0.4}}');";

    private static string NewId() => new Guid(Interlocked.Increment(ref s_next), 1, 2, new byte[8]).ToString();

    private Task<string> OpenSetAsync() => database.OpenSetAsync(NewId(), Ct);

    private Task<string> SealedSetAsync() => database.SealedSetAsync(NewId(), Ct);

    private async Task<PostgresException> RefusedAsync(string sql, string? role = null) =>
        await Assert.ThrowsAsync<PostgresException>(() =>
            role is null ? database.ExecuteAsync(sql, Ct) : AsAsync(role, sql)
        );

    private async Task AsAsync(string role, string sql)
    {
        // A role that is no superuser has no way back, as it would be for a login of its own.
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.Postgres.ConnectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync(Ct);
        await using (var become = new NpgsqlCommand($"SET SESSION AUTHORIZATION {role}", connection))
            await become.ExecuteNonQueryAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
