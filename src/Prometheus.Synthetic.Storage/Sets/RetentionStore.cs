using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>Retention policies by lineage; every change of them is in the audit trail.</summary>
public sealed class RetentionStore(NpgsqlDataSource dataSource, AuditTrail audit, TimeProvider time)
{
    /// <summary>All policies, by lineage.</summary>
    public async Task<IReadOnlyList<RetentionPolicy>> ReadAsync(CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT lineage, keep_last, keep_tags, keep_days, set_by, reason, set_at
            FROM synthetic.retention_policies ORDER BY lineage
            """
        );
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var policies = new List<RetentionPolicy>();
        while (await reader.ReadAsync(ct))
        {
            policies.Add(
                new RetentionPolicy(
                    reader.GetString(0),
                    reader.IsDBNull(1) ? null : reader.GetInt32(1),
                    reader.GetFieldValue<string[]>(2),
                    reader.IsDBNull(3) ? null : reader.GetInt32(3),
                    reader.GetString(4),
                    reader.GetString(5),
                    reader.GetFieldValue<DateTimeOffset>(6)
                )
            );
        }

        return policies;
    }

    /// <summary>Sets or replaces the policy of a lineage.</summary>
    public async Task SetAsync(RetentionPolicy policy, AuditEntry entry, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await using var upsert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.retention_policies (lineage, keep_last, keep_tags, keep_days, set_at, set_by, reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (lineage) DO UPDATE SET keep_last = $2, keep_tags = $3, keep_days = $4, set_at = $5, set_by = $6, reason = $7
            """,
            connection
        );
        upsert.Parameters.Add(new() { Value = policy.Lineage });
        upsert.Parameters.Add(OrNull(policy.KeepLast));
        upsert.Parameters.Add(new() { Value = policy.KeepTags.ToArray() });
        upsert.Parameters.Add(OrNull(policy.KeepDays));
        upsert.Parameters.Add(new() { Value = time.GetUtcNow() });
        upsert.Parameters.Add(new() { Value = policy.SetBy });
        upsert.Parameters.Add(new() { Value = policy.Reason });
        await upsert.ExecuteNonQueryAsync(ct);
        AuditEntry recorded = entry
            .With("lineage", policy.Lineage)
            .With("keep_last", policy.KeepLast)
            .With("keep_tags", policy.KeepTags)
            .With("keep_days", policy.KeepDays);
        await audit.AppendAsync(connection, recorded, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Removes a policy; false when there was none.</summary>
    public async Task<bool> RemoveAsync(string lineage, AuditEntry entry, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await using var delete = new NpgsqlCommand(
            "DELETE FROM synthetic.retention_policies WHERE lineage = $1",
            connection
        );
        delete.Parameters.Add(new() { Value = lineage });
        if (await delete.ExecuteNonQueryAsync(ct) == 0)
            return false;
        await audit.AppendAsync(connection, entry.With("lineage", lineage), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static NpgsqlParameter OrNull(int? value) =>
        new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer };
}
