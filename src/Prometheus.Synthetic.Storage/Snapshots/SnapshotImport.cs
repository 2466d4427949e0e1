using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>
/// A snapshot of given paths in the making, chunk by chunk: one transaction, so that an import that fails, is stopped or
/// killed leaves nothing. Rows that come in no order are spooled into a temporary table of the same transaction and read
/// back chunk by chunk. Not thread-safe; disposing without a commit rolls back.
/// </summary>
public sealed class SnapshotImport : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly SnapshotStore _snapshots;
    private readonly GivenPathStore _given;
    private readonly List<string> _addresses = [];
    private bool _spooled;

    private SnapshotImport(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        SnapshotStore snapshots,
        GivenPathStore given
    )
    {
        _connection = connection;
        _transaction = transaction;
        _snapshots = snapshots;
        _given = given;
    }

    /// <summary>Addresses of the chunks so far, in path order.</summary>
    public IReadOnlyList<string> Addresses => _addresses;

    internal static async Task<SnapshotImport> BeginAsync(
        NpgsqlDataSource dataSource,
        SnapshotStore snapshots,
        GivenPathStore given,
        CancellationToken ct
    )
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            return new SnapshotImport(connection, await connection.BeginTransactionAsync(ct), snapshots, given);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stores the next chunk.</summary>
    public async Task AddAsync(GivenPathChunk chunk, CancellationToken ct) =>
        _addresses.Add(await _given.SaveAsync(_connection, chunk, ct));

    /// <summary>Puts pieces of chunks aside.</summary>
    /// <param name="pieces">Number of the chunk and bytes, in no order; what is spooled first is read first.</param>
    public async Task SpoolAsync(IEnumerable<(int Chunk, ReadOnlyMemory<byte> Content)> pieces, CancellationToken ct)
    {
        if (!_spooled)
        {
            await ExecuteAsync(
                """
                CREATE TEMPORARY TABLE given_path_pieces
                  (piece bigint GENERATED ALWAYS AS IDENTITY, chunk integer NOT NULL, content bytea NOT NULL) ON COMMIT DROP;
                ALTER TABLE given_path_pieces ALTER COLUMN content SET STORAGE EXTERNAL
                """,
                ct
            );
            _spooled = true;
        }

        await using NpgsqlBinaryImporter copy = await _connection.BeginBinaryImportAsync(
            "COPY given_path_pieces (chunk, content) FROM STDIN (FORMAT BINARY)",
            ct
        );
        copy.Timeout = Timeout.InfiniteTimeSpan;
        foreach ((int chunk, ReadOnlyMemory<byte> content) in pieces)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(chunk, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(content, NpgsqlDbType.Bytea, ct);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Ends the spooling; pieces can be read from here on.</summary>
    public Task SortAsync(CancellationToken ct) =>
        _spooled
            ? ExecuteAsync(
                "CREATE INDEX ON given_path_pieces (chunk, piece); ANALYZE given_path_pieces (chunk, piece)",
                ct
            )
            : Task.CompletedTask;

    /// <summary>The pieces of a chunk in the order in which they were spooled; nothing else can be done meanwhile.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        int chunk,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        if (!_spooled)
            yield break;
        await using var select = new NpgsqlCommand(
            "SELECT content FROM given_path_pieces WHERE chunk = $1 ORDER BY piece",
            _connection
        )
        {
            Parameters = { new() { Value = chunk } },
            CommandTimeout = 0,
        };
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            yield return reader.GetFieldValue<byte[]>(0);
    }

    /// <summary>Stores the snapshot and makes it and its chunks visible; returns its address.</summary>
    public async Task<string> CommitAsync(CalibrationSnapshot snapshot, CancellationToken ct)
    {
        string hash = await _snapshots.SaveAsync(_connection, snapshot, ct);
        await _transaction.CommitAsync(ct);
        return hash;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
