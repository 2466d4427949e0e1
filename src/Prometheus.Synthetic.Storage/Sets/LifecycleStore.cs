using Npgsql;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Life of a set after its seal. Each change is one transaction under an exclusive lock on the record, together with its
/// audit entry. Only the status of the record changes; everything else in it is kept as it was sealed.
/// </summary>
public sealed class LifecycleStore(NpgsqlDataSource dataSource, AuditTrail audit)
{
    /// <summary>
    /// Drops the paths of a sealed set and keeps its record. Afterwards the dead rows are vacuumed, so that their space is
    /// free for the next set at once; a role that may not vacuum leaves that to autovacuum.
    /// </summary>
    /// <returns>The status the set had before; anything but Sealed means that nothing was done.</returns>
    public async Task<ScenarioSetStatus?> EvictAsync(Guid id, AuditEntry entry, CancellationToken ct)
    {
        ScenarioSetStatus? before = await ChangeAsync(
            id,
            ScenarioSetStatus.Evicted,
            [ScenarioSetStatus.Sealed],
            removePaths: true,
            entry,
            ct
        );
        if (before == ScenarioSetStatus.Sealed)
            await VacuumAsync(ct);
        return before;
    }

    /// <summary>Drops the paths for good; the record stays as a tombstone. The lineage's pointer moves to its newest living version.</summary>
    /// <returns>The status the set had before; anything but Sealed or Evicted means that nothing was done.</returns>
    public async Task<ScenarioSetStatus?> DeleteAsync(Guid id, AuditEntry entry, CancellationToken ct)
    {
        ScenarioSetStatus? before = await ChangeAsync(
            id,
            ScenarioSetStatus.Deleted,
            [ScenarioSetStatus.Sealed, ScenarioSetStatus.Evicted],
            removePaths: true,
            entry,
            ct
        );
        if (before == ScenarioSetStatus.Sealed)
            await VacuumAsync(ct);
        return before;
    }

    /// <summary>
    /// Makes an evicted set visible again. The database compares what is back with what it saw go.
    /// </summary>
    /// <exception cref="InvalidDataException">The database refuses it: a row is missing or has other content.</exception>
    public async Task<ScenarioSetStatus?> RestoreAsync(Guid id, AuditEntry entry, CancellationToken ct)
    {
        try
        {
            return await ChangeAsync(
                id,
                ScenarioSetStatus.Sealed,
                [ScenarioSetStatus.Evicted],
                removePaths: false,
                entry,
                ct
            );
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.RestrictViolation)
        {
            throw new InvalidDataException(refused.MessageText, refused);
        }
    }

    /// <summary>Removes what an interrupted rehydration of an evicted set has left.</summary>
    public async Task ClearAsync(Guid id, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, "SELECT synthetic.remove_paths($1, false)", ct, id);
    }

    private async Task<ScenarioSetStatus?> ChangeAsync(
        Guid id,
        ScenarioSetStatus to,
        ScenarioSetStatus[] from,
        bool removePaths,
        AuditEntry entry,
        CancellationToken ct
    )
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await RecordTurn.TakeAsync(connection, id, ct) is not { } text)
            return null;
        var before = Enum.Parse<ScenarioSetStatus>(text);
        if (!from.Contains(before))
            return before;
        // Written as SQL and not through the document: what this version's type does not know must stay as it is.
        await ExecuteAsync(
            connection,
            "UPDATE synthetic.mt_doc_scenario_set SET data = jsonb_set(data, '{status}', to_jsonb($2::text)) WHERE id = $1",
            ct,
            id,
            to.ToString()
        );
        if (removePaths)
            await ExecuteAsync(connection, "SELECT synthetic.remove_paths($1, false)", ct, id);
        if (to == ScenarioSetStatus.Deleted)
            await MovePointerAsync(connection, id, ct);
        await audit.AppendAsync(connection, entry with { ScenarioSetId = id }, ct);
        await transaction.CommitAsync(ct);
        return before;
    }

    private static async Task MovePointerAsync(NpgsqlConnection connection, Guid id, CancellationToken ct)
    {
        // First the lineage, by a statement of its own: who deletes two versions at once must see in the second what became
        // of the first, or the pointer stays at a tombstone.
        await ExecuteAsync(
            connection,
            """
            SELECT 1 FROM synthetic.lineages
            WHERE name = (SELECT data ->> 'name' FROM synthetic.mt_doc_scenario_set WHERE id = $1) FOR UPDATE
            """,
            ct,
            id
        );
        await ExecuteAsync(
            connection,
            """
            UPDATE synthetic.lineages l SET current_set_id = (
              SELECT s.id FROM synthetic.mt_doc_scenario_set s
              WHERE s.data ->> 'name' = l.name AND s.data ->> 'status' IN ('Sealed', 'Evicted')
              ORDER BY (s.data ->> 'version')::integer DESC LIMIT 1)
            WHERE l.current_set_id = $1
            """,
            ct,
            id
        );
    }

    private async Task VacuumAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        // A role that does not own the tables gets a warning, not an error.
        foreach (string table in new[] { "path_shocks", "path_annotations", "cell_marks" })
            await ExecuteAsync(connection, $"VACUUM (INDEX_CLEANUP ON) synthetic.{table}", ct);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken ct,
        params object[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
