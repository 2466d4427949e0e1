using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Journal;

/// <summary>Writes what an operator did with messages and sagas into the audit trail.</summary>
public sealed class OperatorAudit(NpgsqlDataSource dataSource, TimeProvider time)
{
    public const string MessageReplayed = "MESSAGE_REPLAYED";
    public const string MessageDiscarded = "MESSAGE_DISCARDED";
    public const string EventReplayed = "EVENT_REPLAYED";
    public const string SagaCancelled = "SAGA_CANCELLED";
    public const string SagaRetried = "SAGA_RETRIED";
    public const string JournalPruned = "JOURNAL_PRUNED";

    /// <param name="details">Written as JSON.</param>
    public async Task WriteAsync(
        string actor,
        string action,
        Guid? messageId,
        string reason,
        string engineVersion,
        object details,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand insert = dataSource.CreateCommand(
            """
            INSERT INTO synthetic.audit_trail (at, actor, action, reason, message_id, engine_version, details)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """
        );
        insert.Parameters.Add(new() { Value = time.GetUtcNow() });
        insert.Parameters.Add(new() { Value = actor });
        insert.Parameters.Add(new() { Value = action });
        insert.Parameters.Add(new() { Value = reason });
        insert.Parameters.Add(new() { Value = (object?)messageId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        insert.Parameters.Add(new() { Value = engineVersion });
        insert.Parameters.Add(new() { Value = JsonSerializer.Serialize(details), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await insert.ExecuteNonQueryAsync(ct);
    }
}
