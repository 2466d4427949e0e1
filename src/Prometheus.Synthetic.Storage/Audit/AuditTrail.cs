using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Audit;

/// <summary>Who did what to which set, when, why, because of which message. Only ever added to; the database refuses the rest.</summary>
public sealed class AuditTrail(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Appends outside any other work.</summary>
    public async Task AppendAsync(AuditEntry entry, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await AppendAsync(connection, entry, ct);
    }

    /// <summary>Appends within the transaction that is open on <paramref name="connection"/>, so that deed and entry are one.</summary>
    public async Task AppendAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.audit_trail
              (at, actor, action, scenario_set_id, reason, message_id, engine_version, details)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            connection
        );
        insert.Parameters.Add(new() { Value = time.GetUtcNow() });
        insert.Parameters.Add(new() { Value = entry.Actor });
        insert.Parameters.Add(new() { Value = entry.Action });
        insert.Parameters.Add(OrNull(entry.ScenarioSetId, NpgsqlDbType.Uuid));
        insert.Parameters.Add(OrNull(entry.Reason, NpgsqlDbType.Text));
        insert.Parameters.Add(OrNull(entry.MessageId, NpgsqlDbType.Uuid));
        insert.Parameters.Add(new() { Value = entry.EngineVersion });
        insert.Parameters.Add(
            new() { Value = JsonSerializer.Serialize(entry.Details), NpgsqlDbType = NpgsqlDbType.Jsonb }
        );
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Entries of a set, oldest first; all entries when <paramref name="scenarioSetId"/> is null.</summary>
    /// <param name="limit">At most so many, the newest.</param>
    public async Task<IReadOnlyList<RecordedAuditEntry>> ReadAsync(Guid? scenarioSetId, int limit, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT entry, at, actor, action, scenario_set_id, reason, message_id, engine_version, details
            FROM synthetic.audit_trail WHERE $1::uuid IS NULL OR scenario_set_id = $1 ORDER BY entry DESC LIMIT $2
            """
        );
        select.Parameters.Add(OrNull(scenarioSetId, NpgsqlDbType.Uuid));
        select.Parameters.Add(new() { Value = limit });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var entries = new List<RecordedAuditEntry>();
        while (await reader.ReadAsync(ct))
        {
            entries.Add(
                new RecordedAuditEntry(
                    reader.GetInt64(0),
                    reader.GetFieldValue<DateTimeOffset>(1),
                    new AuditEntry(reader.GetString(3), reader.GetString(2), reader.GetString(7))
                    {
                        ScenarioSetId = reader.IsDBNull(4) ? null : reader.GetGuid(4),
                        Reason = reader.IsDBNull(5) ? null : reader.GetString(5),
                        MessageId = reader.IsDBNull(6) ? null : reader.GetGuid(6),
                        Details = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(reader.GetString(8))!,
                    }
                )
            );
        }

        entries.Reverse();
        return entries;
    }

    private static NpgsqlParameter OrNull(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
