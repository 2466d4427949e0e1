using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Panels;
using ZstdSharp;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>Calibration snapshots by content address: stored once, compressed, shared by every set that saw the same.</summary>
public sealed class SnapshotStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const int CompressionLevel = 3;

    /// <summary>Stores a snapshot if it is new; returns its address.</summary>
    public async Task<string> SaveAsync(CalibrationSnapshot snapshot, CancellationToken ct)
    {
        byte[] bytes = CalibrationSnapshotCodec.Encode(snapshot);
        string hash = CalibrationSnapshotCodec.Address(bytes);
        if (await ExistsAsync(hash, ct))
            return hash;
        using var compressor = new Compressor(CompressionLevel);
        byte[] compressed = compressor.Wrap(bytes).ToArray();
        await using NpgsqlCommand insert = dataSource.CreateCommand(
            """
            INSERT INTO synthetic.calibration_snapshots (snapshot_hash, uncompressed_bytes, content, created_at)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
            """
        );
        insert.Parameters.Add(new() { Value = hash });
        insert.Parameters.Add(new() { Value = (long)bytes.Length });
        insert.Parameters.Add(new() { Value = compressed, NpgsqlDbType = NpgsqlDbType.Bytea });
        insert.Parameters.Add(new() { Value = time.GetUtcNow() });
        await insert.ExecuteNonQueryAsync(ct);
        return hash;
    }

    /// <summary>Reads a snapshot and checks that its bytes still have the address.</summary>
    /// <exception cref="InvalidDataException">The snapshot is missing or its bytes were altered.</exception>
    public async Task<CalibrationSnapshot> LoadAsync(string hash, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT content FROM synthetic.calibration_snapshots WHERE snapshot_hash = $1"
        );
        select.Parameters.Add(new() { Value = hash });
        if (await select.ExecuteScalarAsync(ct) is not byte[] compressed)
            throw new InvalidDataException($"Calibration snapshot {hash} is not stored.");
        using var decompressor = new Decompressor();
        ReadOnlySpan<byte> bytes;
        try
        {
            bytes = decompressor.Unwrap(compressed);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"Calibration snapshot {hash} was altered: it does not unpack.", e);
        }

        if (!string.Equals(CalibrationSnapshotCodec.Address(bytes), hash, StringComparison.Ordinal))
            throw new InvalidDataException($"Calibration snapshot {hash} was altered: its bytes have another hash.");
        return CalibrationSnapshotCodec.Decode(bytes);
    }

    private async Task<bool> ExistsAsync(string hash, CancellationToken ct)
    {
        await using NpgsqlCommand exists = dataSource.CreateCommand(
            "SELECT EXISTS (SELECT 1 FROM synthetic.calibration_snapshots WHERE snapshot_hash = $1)"
        );
        exists.Parameters.Add(new() { Value = hash });
        return (bool)(await exists.ExecuteScalarAsync(ct))!;
    }
}
