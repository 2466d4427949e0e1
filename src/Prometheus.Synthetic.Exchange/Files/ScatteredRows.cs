using Npgsql;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Rows in no order of paths. A buffer of them is divided by chunk and put aside in the database; when all have come, each
/// chunk is put together from its pieces. Memory is the buffer and one chunk.
/// </summary>
internal sealed class ScatteredRows(
    FileShape shape,
    FileDrivers drivers,
    ChunkBuilder builder,
    SnapshotImport import,
    Func<GivenPathChunk, CancellationToken, Task> store
) : ChunkSink(shape, drivers, store)
{
    private const int MaxBytes = 8 * 1024 * 1024;
    private readonly Dictionary<int, RowPiece> _pieces = [];
    private int _bytes;

    public override bool Full => _bytes >= MaxBytes;

    public override async Task DrainAsync(CancellationToken ct)
    {
        try
        {
            await import.SpoolAsync(_pieces.OrderBy(p => p.Key).Select(p => (p.Key, p.Value.Written)), ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw SetFile.Refused(
                $"its rows do not come path by path, and the database role may not make the temporary table that would sort them ({e.MessageText}); sort the file by {SetFileColumns.Path}, or grant the role TEMPORARY on the database",
                ErrorCodes.WrongState
            );
        }

        _pieces.Clear();
        _bytes = 0;
    }

    public override async Task CompleteAsync(CancellationToken ct)
    {
        await DrainAsync(ct);
        await import.SortAsync(ct);
        for (int chunk = 0; chunk < Shape.Chunks; chunk++)
        {
            builder.Begin(chunk);
            await foreach (ReadOnlyMemory<byte> piece in import.PiecesAsync(chunk, ct))
                RowPiece.Replay(piece.Span, builder);
            if (builder.Finish() is { } whole)
                await StoreAsync(whole, ct);
        }
    }

    protected override void Place(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values) =>
        _bytes += PieceOf(path).Add(row, path, driver, firstStep, values);

    protected override void Annotate(long row, int path, PathAnnotation annotation) =>
        _bytes += PieceOf(path).Add(row, path, PathAnnotationJson.Bytes(annotation));

    private RowPiece PieceOf(int path)
    {
        int chunk = path / Shape.PathsPerChunk;
        if (!_pieces.TryGetValue(chunk, out RowPiece? piece))
            _pieces[chunk] = piece = new RowPiece();
        return piece;
    }
}
