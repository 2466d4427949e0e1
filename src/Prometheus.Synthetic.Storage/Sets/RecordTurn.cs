using Npgsql;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// The queue in front of a set's record. PostgreSQL lets new share locks on a row overtake an exclusive one that waits, so
/// that a busy set would be cancelled only when its last shard is stored. Advisory locks are served in the order of asking:
/// whoever wants the row takes its turn first, and keeps both until the end of the transaction.
/// </summary>
internal static class RecordTurn
{
    /// <summary>The status of a set that nobody ends meanwhile, for many at once as shards are; null when there is no record.</summary>
    public static Task<string?> ShareAsync(NpgsqlConnection connection, Guid scenarioSetId, CancellationToken ct) =>
        LockAsync(connection, scenarioSetId, "pg_advisory_xact_lock_shared", "FOR SHARE", ct);

    /// <summary>The status of a set that nobody else holds, as seal, failure, cancellation and eviction need it.</summary>
    public static Task<string?> TakeAsync(NpgsqlConnection connection, Guid scenarioSetId, CancellationToken ct) =>
        LockAsync(connection, scenarioSetId, "pg_advisory_xact_lock", "FOR UPDATE", ct);

    private static async Task<string?> LockAsync(
        NpgsqlConnection connection,
        Guid scenarioSetId,
        string turn,
        string row,
        CancellationToken ct
    )
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Of($"SELECT {turn}(hashtextextended($1::text, 3))", scenarioSetId),
                Of($"SELECT data ->> 'status' FROM synthetic.mt_doc_scenario_set WHERE id = $1 {row}", scenarioSetId),
            },
            Timeout = 300,
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        return await reader.ReadAsync(ct) ? reader.GetString(0) : null;
    }

    private static NpgsqlBatchCommand Of(string sql, Guid scenarioSetId) =>
        new(sql) { Parameters = { new() { Value = scenarioSetId } } };
}
