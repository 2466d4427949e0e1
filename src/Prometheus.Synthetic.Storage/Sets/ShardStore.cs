using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Stores shards. One short transaction each: a share lock on the set record (so that a seal, failure or cancellation
/// waits for it or stops it), a lock on the shard (a second delivery waits, then finds the manifest row), COPY, manifest.
/// </summary>
public sealed class ShardStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    public async Task<StoreOutcome> StoreAsync(ShardContent shard, CancellationToken ct)
    {
        long started = Stopwatch.GetTimestamp();
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await RecordTurn.ShareAsync(connection, shard.ScenarioSetId, ct) != nameof(ScenarioSetStatus.Generating))
            return StoreOutcome.NotGenerating;
        if (!await ClaimAsync(connection, shard, ct))
            return StoreOutcome.AlreadyStored;
        await CopyRowsAsync(connection, shard, ct);
        await InsertManifestAsync(connection, shard, Stopwatch.GetElapsedTime(started).TotalSeconds, ct);
        await transaction.CommitAsync(ct);
        return StoreOutcome.Stored;
    }

    /// <summary>
    /// Writes the rows of a shard of an evicted set back. The manifest has been kept; the caller has checked the digests
    /// against it and holds the set.
    /// </summary>
    /// <returns>False when the set is not evicted: nothing was written.</returns>
    public async Task<bool> RestoreAsync(ShardContent shard, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        if (await RecordTurn.ShareAsync(connection, shard.ScenarioSetId, ct) != nameof(ScenarioSetStatus.Evicted))
            return false;
        await CopyRowsAsync(connection, shard, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>The path digests that the manifest has of paths [first, first + count), 32 bytes a path.</summary>
    public async Task<byte[]> DigestsAsync(Guid scenarioSetId, int first, int count, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT first_path, path_count, path_digests FROM synthetic.shards
            WHERE scenario_set_id = $1 AND first_path < $2 + $3 AND first_path + path_count > $2
            """
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        select.Parameters.Add(new() { Value = first });
        select.Parameters.Add(new() { Value = count });
        byte[] digests = new byte[count * PathDigest.Length];
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            int from = Math.Max(first, reader.GetInt32(0));
            int to = Math.Min(first + count, reader.GetInt32(0) + reader.GetInt32(1));
            reader
                .GetFieldValue<byte[]>(2)
                .AsSpan((from - reader.GetInt32(0)) * PathDigest.Length, (to - from) * PathDigest.Length)
                .CopyTo(digests.AsSpan((from - first) * PathDigest.Length));
        }

        return digests;
    }

    /// <summary>Whether the manifest holds the shard.</summary>
    public async Task<bool> IsStoredAsync(Guid scenarioSetId, int shard, CancellationToken ct)
    {
        await using NpgsqlCommand exists = dataSource.CreateCommand(
            "SELECT EXISTS (SELECT 1 FROM synthetic.shards WHERE scenario_set_id = $1 AND shard = $2)"
        );
        exists.Parameters.Add(new() { Value = scenarioSetId });
        exists.Parameters.Add(new() { Value = shard });
        return (bool)(await exists.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The shards in the manifest of a set, ascending.</summary>
    public async Task<IReadOnlyList<int>> StoredShardsAsync(Guid scenarioSetId, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT shard FROM synthetic.shards WHERE scenario_set_id = $1 ORDER BY shard"
        );
        select.Parameters.Add(new() { Value = scenarioSetId });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var shards = new List<int>();
        while (await reader.ReadAsync(ct))
            shards.Add(reader.GetInt32(0));
        return shards;
    }

    private static async Task CopyRowsAsync(NpgsqlConnection connection, ShardContent shard, CancellationToken ct)
    {
        await using (
            NpgsqlRawCopyStream copy = await connection.BeginRawBinaryCopyAsync(PathRowEncoder.CopyCommand, ct)
        )
            await PathRowEncoder.WriteAsync(copy, shard, ct);
        await CopyAnnotationsAsync(connection, shard, ct);
        await CopyCellMarksAsync(connection, shard, ct);
    }

    /// <summary>Waits for another delivery of the same shard; false when the manifest has it.</summary>
    private static async Task<bool> ClaimAsync(NpgsqlConnection connection, ShardContent shard, CancellationToken ct)
    {
        await using var claim = new NpgsqlCommand(
            "SELECT pg_advisory_xact_lock(hashtextextended($1::text || ':' || $2::text, 2))",
            connection
        )
        {
            Parameters =
            {
                new() { Value = shard.ScenarioSetId },
                new() { Value = shard.Shard },
            },
        };
        await claim.ExecuteNonQueryAsync(ct);
        // A statement of its own: it must see what was committed while the lock was awaited.
        await using var stored = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM synthetic.shards WHERE scenario_set_id = $1 AND shard = $2)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = shard.ScenarioSetId },
                new() { Value = shard.Shard },
            },
        };
        return !(bool)(await stored.ExecuteScalarAsync(ct))!;
    }

    private async Task InsertManifestAsync(
        NpgsqlConnection connection,
        ShardContent shard,
        double storeSeconds,
        CancellationToken ct
    )
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.shards
              (scenario_set_id, shard, first_path, path_count, path_digests, generation_seconds, store_seconds, stored_by, stored_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = shard.ScenarioSetId },
                new() { Value = shard.Shard },
                new() { Value = shard.FirstPath },
                new() { Value = shard.PathCount },
                new() { Value = shard.Digests.ToArray() },
                new() { Value = shard.GenerationSeconds },
                new() { Value = storeSeconds },
                new() { Value = $"{Environment.MachineName}:{Environment.ProcessId}" },
                new() { Value = time.GetUtcNow() },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static async Task CopyAnnotationsAsync(
        NpgsqlConnection connection,
        ShardContent shard,
        CancellationToken ct
    )
    {
        if (shard.Annotations.All(a => a is null))
            return;
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY synthetic.path_annotations (scenario_set_id, scenario_id, source_dates, probability, metadata) FROM STDIN (FORMAT BINARY)",
            ct
        );
        for (int i = 0; i < shard.Annotations.Count; i++)
        {
            if (shard.Annotations[i] is not { } annotation)
                continue;
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(shard.ScenarioSetId, ct);
            await copy.WriteAsync(shard.FirstPath + i, ct);
            if (annotation.SourceDates is { } dates)
                await copy.WriteAsync(dates.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Date, ct);
            else
                await copy.WriteNullAsync(ct);
            if (annotation.Probability is { } probability)
                await copy.WriteAsync(probability, ct);
            else
                await copy.WriteNullAsync(ct);
            if (annotation.Metadata is { } metadata)
                await copy.WriteAsync(metadata.ToJsonString(), NpgsqlDbType.Jsonb, ct);
            else
                await copy.WriteNullAsync(ct);
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task CopyCellMarksAsync(NpgsqlConnection connection, ShardContent shard, CancellationToken ct)
    {
        if (shard.Annotations.All(a => a is null || a.Cells.Count == 0))
            return;
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY synthetic.cell_marks (scenario_set_id, scenario_id, horizon_index, driver_no, mark) FROM STDIN (FORMAT BINARY)",
            ct
        );
        for (int i = 0; i < shard.Annotations.Count; i++)
        {
            foreach (CellMark mark in shard.Annotations[i]?.Cells ?? [])
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(shard.ScenarioSetId, ct);
                await copy.WriteAsync(shard.FirstPath + i, ct);
                await copy.WriteAsync(mark.Step, ct);
                await copy.WriteAsync(NumberOf(shard, mark), ct);
                await copy.WriteAsync(mark.Metadata.ToJsonString(), NpgsqlDbType.Jsonb, ct);
            }
        }

        await copy.CompleteAsync(ct);
    }

    private static int NumberOf(ShardContent shard, CellMark mark) =>
        mark.Driver < 0 ? -1 : DriverNumbers.Of(shard.Drivers[mark.Driver].Kind, mark.Driver);
}
