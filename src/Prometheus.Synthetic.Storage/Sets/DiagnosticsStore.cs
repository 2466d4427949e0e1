using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>Diagnostics of sealed sets: added with the seal, read by people and gates.</summary>
public sealed class DiagnosticsStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Writes in the caller's transaction.</summary>
    internal async Task AddAsync(
        NpgsqlConnection connection,
        Guid scenarioSetId,
        DiagnosticsRecord record,
        CancellationToken ct
    )
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.set_diagnostics
              (scenario_set_id, computed_at, engine_version, seconds, report, not_computed)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = scenarioSetId },
                new() { Value = time.GetUtcNow() },
                new() { Value = record.EngineVersion },
                new() { Value = record.Seconds },
                new()
                {
                    Value = record.Report is { } report ? report.GetRawText() : DBNull.Value,
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                },
                new() { Value = (object?)record.NotComputed ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Null when the set was never sealed, or sealed before diagnostics were made.</summary>
    public async Task<DiagnosticsRecord?> FindAsync(Guid scenarioSetId, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT engine_version, seconds, report, not_computed FROM synthetic.set_diagnostics WHERE scenario_set_id = $1"
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        return new DiagnosticsRecord(
            reader.GetString(0),
            reader.GetDouble(1),
            await reader.IsDBNullAsync(2, ct) ? null : JsonSerializer.Deserialize<JsonElement>(reader.GetString(2)),
            await reader.IsDBNullAsync(3, ct) ? null : reader.GetString(3)
        );
    }
}
