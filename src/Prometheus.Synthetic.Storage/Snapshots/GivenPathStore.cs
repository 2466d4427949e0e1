using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>Chunks of given paths by content address: stored once, compressed, read one at a time.</summary>
public sealed class GivenPathStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>As much as a shard of the usual size; what a mixture that jumps between paths finds again.</summary>
    private const long CacheBytes = 16 * 1024 * 1024;

    private readonly ChunkCache _cache = new(CacheBytes);

    /// <summary>A reader that has seen nothing yet.</summary>
    public IGivenPathChunks Open() => new Reader(this);

    /// <summary>Stores a chunk if it is new; returns its address.</summary>
    /// <param name="connection">In whose transaction; another import of the same paths waits for its end.</param>
    public async Task<string> SaveAsync(NpgsqlConnection connection, GivenPathChunk chunk, CancellationToken ct)
    {
        byte[] bytes = GivenPathChunkCodec.Encode(chunk);
        string hash = CalibrationSnapshotCodec.Address(bytes);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO synthetic.given_paths (chunk_hash, uncompressed_bytes, content, created_at)
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
            CommandTimeout = 0,
        };
        await insert.ExecuteNonQueryAsync(ct);
        return hash;
    }

    private (GivenPathChunk Chunk, long Bytes) Load(string address)
    {
        // Generators are synchronous: the thread that makes a range waits for the chunk it needs next.
        using NpgsqlConnection connection = dataSource.OpenConnection();
        using var select = new NpgsqlCommand(
            "SELECT content FROM synthetic.given_paths WHERE chunk_hash = $1",
            connection
        )
        {
            Parameters = { new() { Value = address } },
        };
        if (select.ExecuteScalar() is not byte[] packed)
            throw new InvalidDataException($"chunk {address} is not stored.");
        byte[] bytes = ContentBytes.Unpack(packed, address, $"chunk {address}");
        return (GivenPathChunkCodec.Decode(bytes), bytes.Length);
    }

    private sealed class Reader(GivenPathStore store) : IGivenPathChunks
    {
        public GivenPathChunk Read(string address)
        {
            if (store._cache.Find(this, address) is { } known)
                return known;
            (GivenPathChunk chunk, long bytes) = store.Load(address);
            store._cache.Keep(this, address, chunk, bytes);
            return chunk;
        }
    }
}
