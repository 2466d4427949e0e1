using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Brings the paths of a surveyed file into a snapshot that is in the making, chunk by chunk, and takes the set's content
/// hash on the way.
/// </summary>
/// <param name="progress">Receives the number of chunks stored.</param>
internal sealed class GivenPathLoad(FileShape shape, SnapshotImport import, IProgress<int>? progress = null)
    : IDisposable
{
    private readonly ContentHasher _hasher = new(shape.NumPaths, shape.HorizonDays, shape.Drivers);
    private readonly byte[] _digest = new byte[PathDigest.Length];
    private int _annotated;

    /// <param name="errors">What the survey refused; what is given twice or missing is added.</param>
    /// <exception cref="Scenarios.Errors.ScenarioRefusedException">Anything is wrong with the file.</exception>
    public async Task<(ChunkedPaths Paths, string ContentHash)> RunAsync(
        SetFile file,
        FileSurvey survey,
        RowErrors errors,
        CancellationToken ct
    )
    {
        var builder = new ChunkBuilder(shape, errors, toldBefore: errors.Any);
        ChunkSink sink = survey.PathByPath
            ? new OrderedRows(shape, survey.FileDrivers, builder, StoreAsync)
            : new ScatteredRows(shape, survey.FileDrivers, builder, import, StoreAsync);
        await file.ReadAsync(sink, ct);
        await sink.CompleteAsync(ct);
        errors.ThrowIfAny();
        var paths = new ChunkedPaths(
            shape.NumPaths,
            shape.HorizonDays,
            shape.Width,
            shape.PathsPerChunk,
            _annotated,
            import.Addresses
        );
        return (paths, _hasher.Finish());
    }

    public void Dispose() => _hasher.Dispose();

    private async Task StoreAsync(GivenPathChunk chunk, CancellationToken ct)
    {
        for (int i = 0; i < chunk.PathCount; i++)
        {
            int path = chunk.FirstPath + i;
            if (!chunk.AnnotationBytes(path).IsEmpty)
                _annotated++;
            PathDigest.Compute(
                chunk.Values.Span.Slice(i * chunk.PathCells, chunk.PathCells),
                chunk.Annotation(path),
                _digest
            );
            _hasher.Append(_digest);
        }

        await import.AddAsync(chunk, ct);
        progress?.Report(import.Addresses.Count);
    }
}
