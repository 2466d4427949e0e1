using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>What a verification found, as it is kept.</summary>
/// <param name="Outcome">
/// VERIFIED, STORED_ROWS_DIFFER, RECORD_DAMAGED, NOT_REPRODUCED, OLDER_NUMERICS, NEWER_NUMERICS or SNAPSHOT_DAMAGED.
/// </param>
/// <param name="FreshHash">Content hash of what the engine makes now; null when it could not.</param>
/// <param name="StoredHash">Content hash of the stored rows; null for an evicted set.</param>
/// <param name="FirstDifference">Where the first difference is; null when there is none.</param>
public sealed record VerificationRecord(
    Guid ScenarioSetId,
    DateTimeOffset VerifiedAt,
    string VerifiedBy,
    string EngineVersion,
    int NumericVersion,
    string Outcome,
    string RecordedHash,
    string? FreshHash,
    string? StoredHash,
    JsonElement? FirstDifference,
    double Seconds
);

/// <summary>Verifications, kept for ever.</summary>
public sealed class VerificationStore(NpgsqlDataSource dataSource, AuditTrail audit)
{
    private const string Columns =
        "scenario_set_id, verified_at, verified_by, engine_version, numeric_version, outcome, recorded_hash, fresh_hash, stored_hash, first_difference, seconds";

    /// <summary>Appends the finding and its line in the audit trail in one transaction.</summary>
    public async Task AppendAsync(VerificationRecord record, AuditEntry entry, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO synthetic.verifications ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            connection
        );
        insert.Parameters.Add(new() { Value = record.ScenarioSetId });
        insert.Parameters.Add(new() { Value = record.VerifiedAt });
        insert.Parameters.Add(new() { Value = record.VerifiedBy });
        insert.Parameters.Add(new() { Value = record.EngineVersion });
        insert.Parameters.Add(new() { Value = record.NumericVersion });
        insert.Parameters.Add(new() { Value = record.Outcome });
        insert.Parameters.Add(new() { Value = record.RecordedHash });
        insert.Parameters.Add(OrNull(record.FreshHash, NpgsqlDbType.Text));
        insert.Parameters.Add(OrNull(record.StoredHash, NpgsqlDbType.Text));
        insert.Parameters.Add(OrNull(record.FirstDifference?.GetRawText(), NpgsqlDbType.Jsonb));
        insert.Parameters.Add(new() { Value = record.Seconds });
        await insert.ExecuteNonQueryAsync(ct);
        await audit.AppendAsync(connection, entry, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Verifications of a set, oldest first.</summary>
    public async Task<IReadOnlyList<VerificationRecord>> ReadAsync(Guid id, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            $"SELECT {Columns} FROM synthetic.verifications WHERE scenario_set_id = $1 ORDER BY verification"
        );
        select.Parameters.Add(new() { Value = id });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var records = new List<VerificationRecord>();
        while (await reader.ReadAsync(ct))
        {
            records.Add(
                new VerificationRecord(
                    reader.GetGuid(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetInt32(4),
                    reader.GetString(5),
                    reader.GetString(6),
                    reader.IsDBNull(7) ? null : reader.GetString(7),
                    reader.IsDBNull(8) ? null : reader.GetString(8),
                    reader.IsDBNull(9) ? null : JsonSerializer.Deserialize<JsonElement>(reader.GetString(9)),
                    reader.GetDouble(10)
                )
            );
        }

        return records;
    }

    /// <summary>Sealed and evicted sets, those whose last verification is longest ago (or never was) first.</summary>
    public async Task<IReadOnlyList<Guid>> DueAsync(int? count, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT s.id FROM synthetic.mt_doc_scenario_set s
            LEFT JOIN (SELECT scenario_set_id, max(verified_at) AS at FROM synthetic.verifications GROUP BY 1) v
              ON v.scenario_set_id = s.id
            WHERE s.data ->> 'status' IN ('Sealed', 'Evicted')
            ORDER BY v.at NULLS FIRST, (s.data ->> 'sealed_at')::timestamptz, s.id LIMIT $1
            """
        );
        select.Parameters.Add(OrNull(count, NpgsqlDbType.Integer));
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
