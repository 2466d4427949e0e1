using Npgsql;

namespace Prometheus.Synthetic.Storage.Tests.Schema;

/// <summary>
/// The rights of the roles over every relation there is, listed from the database's own catalogue: what a later script
/// adds is judged here too, and not only what a test thought of.
/// </summary>
public sealed class RoleTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private static readonly string[] s_rights =
    [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "TRUNCATE",
        "REFERENCES",
        "TRIGGER",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_reader_has_SELECT_on_the_views_of_the_contract_and_no_other_right()
    {
        await database.MigrateAsync(Ct);
        Assert.All(
            await RightsAsync("synthetic_reader"),
            r =>
                Assert.True(
                    r is ("public", 'v', "SELECT", _) && r.Name.StartsWith("scenario_", StringComparison.Ordinal),
                    $"{r}"
                )
        );
        Assert.Contains(await RightsAsync("synthetic_reader"), r => r.Name == "scenario_set_checks");
    }

    /// <summary>A function that runs with its owner's rights shows whoever may call it what its owner sees.</summary>
    [Fact]
    public async Task The_reader_may_call_nothing_that_runs_with_the_owners_rights()
    {
        await database.MigrateAsync(Ct);
        Assert.Equal(
            0L,
            await database.ScalarAsync<long>(
                """
                SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                WHERE n.nspname IN ('synthetic', 'public') AND p.prosecdef AND p.prorettype <> 'trigger'::regtype
                  AND has_function_privilege('synthetic_reader', p.oid, 'EXECUTE')
                """,
                Ct
            )
        );
    }

    /// <summary>Beside what it adds: documents of sagas come and go, those of sets behind a trigger; pointers and policies move.</summary>
    [Fact]
    public async Task The_writer_changes_and_removes_nothing_that_is_for_ever()
    {
        await database.MigrateAsync(Ct);
        string[] changes =
        [
            .. (await RightsAsync("synthetic_writer"))
                .Where(r =>
                    r.Right is not ("SELECT" or "INSERT") && !r.Name.StartsWith("mt_doc_", StringComparison.Ordinal)
                )
                .Select(r => $"{r.Right} {r.Name}"),
        ];
        Assert.Equal(
            [
                "DELETE message_journal",
                "DELETE retention_policies",
                "DELETE set_tags",
                "UPDATE lineages",
                "UPDATE message_journal",
                "UPDATE retention_policies",
            ],
            changes.Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(
            await RightsAsync("synthetic_writer"),
            r => r.Right == "INSERT" && r.Name is "schema_versions" or "evicted_contents" && r.Right == "INSERT"
        );
    }

    /// <summary>Numbers of entries are the database's: whoever could give one could write into the past, or block the future.</summary>
    [Theory]
    [InlineData(
        "INSERT INTO synthetic.audit_trail (entry, at, actor, action, engine_version) OVERRIDING SYSTEM VALUE VALUES (-1, '2019-01-01', 'x', 'SEALED', 'x')"
    )]
    [InlineData(
        "INSERT INTO synthetic.verifications (verification, scenario_set_id, verified_at, verified_by, engine_version, numeric_version, outcome, recorded_hash, seconds) OVERRIDING SYSTEM VALUE SELECT -1, id, now(), 'x', 'x', 1, 'VERIFIED', 'x', 0 FROM synthetic.mt_doc_scenario_set"
    )]
    [InlineData("COPY synthetic.audit_trail FROM PROGRAM 'true'")]
    [InlineData("COPY synthetic.path_shocks TO PROGRAM 'true'")]
    [InlineData("TRUNCATE synthetic.path_shocks")]
    [InlineData("TRUNCATE synthetic.mt_doc_scenario_set CASCADE")]
    [InlineData("TRUNCATE synthetic.calibration_snapshots")]
    [InlineData("ALTER TABLE synthetic.path_shocks DISABLE TRIGGER ALL")]
    [InlineData("ALTER TABLE synthetic.mt_doc_scenario_set DROP CONSTRAINT horizon_in_range")]
    [InlineData("ALTER TABLE synthetic.path_shocks OWNER TO synthetic_writer")]
    [InlineData("SET session_replication_role = replica")]
    [InlineData("CREATE OR REPLACE FUNCTION synthetic.guard_scenario_set() RETURNS trigger LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("DROP FUNCTION synthetic.remove_paths(uuid, boolean)")]
    [InlineData("CREATE RULE r AS ON INSERT TO synthetic.audit_trail DO INSTEAD NOTHING")]
    [InlineData("SET ROLE synthetic_owner")]
    public async Task The_writer_does_not_get_past_the_rules(string sql)
    {
        await database.MigrateAsync(Ct);
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.Postgres.ConnectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync(Ct);
        await using (var become = new NpgsqlCommand("SET SESSION AUTHORIZATION synthetic_writer", connection))
            await become.ExecuteNonQueryAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task<IReadOnlyList<(string Schema, char Kind, string Right, string Name)>> RightsAsync(string role)
    {
        await using NpgsqlCommand select = database.Postgres.DataSource.CreateCommand(
            """
            SELECT n.nspname, c.relkind, r.right_, c.relname
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN unnest($2) AS r (right_)
            WHERE n.nspname IN ('synthetic', 'public') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
              AND has_table_privilege($1, c.oid, r.right_)
            """
        );
        select.Parameters.Add(new() { Value = role });
        select.Parameters.Add(new() { Value = s_rights });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(Ct);
        var rights = new List<(string, char, string, string)>();
        while (await reader.ReadAsync(Ct))
            rights.Add((reader.GetString(0), reader.GetChar(1), reader.GetString(2), reader.GetString(3)));
        return rights;
    }
}
