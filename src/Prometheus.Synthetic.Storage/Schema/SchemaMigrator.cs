using Marten;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Schema;

/// <summary>
/// Brings a database to this version's schema: documents by Marten, relations by numbered scripts. Forward-only,
/// repeatable, and safe when two processes start at once (one advisory lock around everything).
/// </summary>
public sealed class SchemaMigrator(
    NpgsqlDataSource dataSource,
    IDocumentStore store,
    StorageOptions options,
    TimeProvider time
)
{
    private const long LockKey = 0x5379_6E74_6865_7469; // "Syntheti"

    /// <summary>The newest script this version knows.</summary>
    public static int NewestVersion => SchemaScript.All[^1].Number;

    /// <summary>Applies what is missing; returns the names of the scripts applied.</summary>
    /// <exception cref="ScenarioRefusedException">A later release has migrated the database; nothing is changed.</exception>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct = default) => MigrateAsync(NewestVersion, ct);

    /// <summary>As <see cref="MigrateAsync(CancellationToken)"/>, up to an older version: what an earlier release left.</summary>
    internal async Task<IReadOnlyList<string>> MigrateAsync(int upTo, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", ct);
        try
        {
            await RequireKnownAsync(ct);
            await ExecuteAsync(
                connection,
                """
                CREATE SCHEMA IF NOT EXISTS synthetic;
                CREATE TABLE IF NOT EXISTS synthetic.schema_versions (
                  version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL);
                """,
                ct
            );
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            IReadOnlyList<string> applied = await ApplyScriptsAsync(connection, upTo, ct);
            if (upTo == NewestVersion)
                await ExecuteAsync(connection, ForContract(SchemaScript.Grants), ct);
            return applied;
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>The version the database is at; 0 when it was never migrated.</summary>
    public async Task<int> CurrentVersionAsync(CancellationToken ct = default)
    {
        await using NpgsqlCommand exists = dataSource.CreateCommand(
            "SELECT to_regclass('synthetic.schema_versions') IS NOT NULL"
        );
        if (!(bool)(await exists.ExecuteScalarAsync(ct))!)
            return 0;
        await using NpgsqlCommand version = dataSource.CreateCommand(
            "SELECT coalesce(max(version), 0) FROM synthetic.schema_versions"
        );
        return (int)(await version.ExecuteScalarAsync(ct))!;
    }

    /// <summary>This release would grant its roles rights over tables that it has never heard of, and drop their indexes.</summary>
    private async Task RequireKnownAsync(CancellationToken ct)
    {
        int current = await CurrentVersionAsync(ct);
        if (current > NewestVersion)
            throw new ScenarioRefusedException(
                ErrorCodes.WrongState,
                "schema",
                $"the database is at version {current}, this program knows up to {NewestVersion}; migrate with the program of the release that brought it there, nothing was changed"
            );
    }

    private async Task<IReadOnlyList<string>> ApplyScriptsAsync(
        NpgsqlConnection connection,
        int upTo,
        CancellationToken ct
    )
    {
        var applied = new List<string>();
        int current = await CurrentVersionAsync(ct);
        foreach (SchemaScript script in SchemaScript.All.Where(s => s.Number > current && s.Number <= upTo))
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
            await ExecuteAsync(connection, ForContract(script.Sql), ct);
            await using var record = new NpgsqlCommand(
                "INSERT INTO synthetic.schema_versions VALUES ($1, $2, $3)",
                connection
            )
            {
                Parameters =
                {
                    new() { Value = script.Number },
                    new() { Value = script.Name },
                    new() { Value = time.GetUtcNow() },
                },
            };
            await record.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            applied.Add(script.Name);
        }

        return applied;
    }

    private string ForContract(string sql) =>
        sql.Replace(
            ":contract",
            new NpgsqlCommandBuilder().QuoteIdentifier(options.ContractSchema),
            StringComparison.Ordinal
        );

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
