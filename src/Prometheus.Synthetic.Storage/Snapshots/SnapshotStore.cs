using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>Calibration snapshots by content address: stored once, compressed, shared by every set that saw the same.</summary>
public sealed class SnapshotStore(NpgsqlDataSource dataSource, GivenPathStore given, TimeProvider time)
{
    /// <summary>Stores a snapshot if it is new; returns its address.</summary>
    public async Task<string> SaveAsync(CalibrationSnapshot snapshot, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        return await SaveAsync(connection, snapshot, ct);
    }

    /// <summary>The same within the connection's transaction.</summary>
    public async Task<string> SaveAsync(NpgsqlConnection connection, CalibrationSnapshot snapshot, CancellationToken ct)
    {
        byte[] bytes = CalibrationSnapshotCodec.Encode(snapshot);
        string hash = CalibrationSnapshotCodec.Address(bytes);
        if (await ExistsAsync(connection, hash, ct))
            return hash;
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.calibration_snapshots (snapshot_hash, uncompressed_bytes, content, created_at)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = hash },
                new() { Value = (long)bytes.Length },
                new() { Value = ContentBytes.Pack(bytes), NpgsqlDbType = NpgsqlDbType.Bytea },
                new() { Value = time.GetUtcNow() },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
        return hash;
    }

    /// <summary>Begins a snapshot of given paths.</summary>
    public Task<SnapshotImport> ImportAsync(CancellationToken ct) =>
        SnapshotImport.BeginAsync(dataSource, this, given, ct);

    /// <summary>
    /// Reads a snapshot and checks that its bytes still have the address. Given paths in chunks are read, and checked, when
    /// they are asked for.
    /// </summary>
    /// <exception cref="InvalidDataException">The snapshot is missing or its bytes were altered.</exception>
    public async Task<CalibrationSnapshot> LoadAsync(string hash, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT content FROM synthetic.calibration_snapshots WHERE snapshot_hash = $1"
        );
        select.Parameters.Add(new() { Value = hash });
        if (await select.ExecuteScalarAsync(ct) is not byte[] packed)
            throw new InvalidDataException($"Calibration snapshot {hash} is not stored.");
        CalibrationSnapshot snapshot = CalibrationSnapshotCodec.Decode(
            ContentBytes.Unpack(packed, hash, $"Calibration snapshot {hash}")
        );
        return snapshot.Given is ChunkedPaths chunked
            ? snapshot with
            {
                Given = chunked.ReadFrom(given.Open()),
            }
            : snapshot;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string hash, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand(
            "SELECT EXISTS (SELECT 1 FROM synthetic.calibration_snapshots WHERE snapshot_hash = $1)",
            connection
        )
        {
            Parameters = { new() { Value = hash } },
        };
        return (bool)(await exists.ExecuteScalarAsync(ct))!;
    }
}
