using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>The second reading of a file, which makes chunks of its rows.</summary>
/// <param name="store">Takes whole chunks in path order.</param>
internal abstract class ChunkSink(
    FileShape shape,
    FileDrivers drivers,
    Func<GivenPathChunk, CancellationToken, Task> store
) : RowSink(drivers, shape.NumPaths, errors: null)
{
    protected FileShape Shape => shape;

    /// <summary>Makes and stores what is left after the last row.</summary>
    public abstract Task CompleteAsync(CancellationToken ct);

    protected sealed override void Take(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values)
    {
        if (driver >= shape.Columns.Length || firstStep + values.Length - 1 > shape.HorizonDays)
            throw Changed();
        Place(row, path, shape.Columns[driver], firstStep, values);
    }

    /// <param name="driver">Its place among the set's drivers.</param>
    protected abstract void Place(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values);

    protected Task StoreAsync(GivenPathChunk chunk, CancellationToken ct) => store(chunk, ct);

    protected static ScenarioRefusedException Changed() =>
        SetFile.Refused("was changed while it was read; import it again", ErrorCodes.Conflict);
}

/// <summary>Rows that come path by path: the chunk that the rows belong to is the only one in memory.</summary>
internal sealed class OrderedRows : ChunkSink
{
    private readonly ChunkBuilder _builder;
    private readonly Queue<GivenPathChunk> _ready = [];
    private int _chunk;

    public OrderedRows(
        FileShape shape,
        FileDrivers drivers,
        ChunkBuilder builder,
        Func<GivenPathChunk, CancellationToken, Task> store
    )
        : base(shape, drivers, store)
    {
        _builder = builder;
        _builder.Begin(0);
    }

    public override bool Full => _ready.Count > 0;

    public override async Task DrainAsync(CancellationToken ct)
    {
        while (_ready.TryDequeue(out GivenPathChunk? chunk))
            await StoreAsync(chunk, ct);
    }

    public override async Task CompleteAsync(CancellationToken ct)
    {
        while (_chunk < Shape.Chunks)
        {
            Close();
            await DrainAsync(ct);
        }
    }

    protected override void Place(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values)
    {
        MoveTo(path);
        _builder.Place(row, path, driver, firstStep, values);
    }

    protected override void Annotate(long row, int path, PathAnnotation annotation)
    {
        MoveTo(path);
        _builder.Annotate(row, path, annotation);
    }

    private void MoveTo(int path)
    {
        int chunk = path / Shape.PathsPerChunk;
        if (chunk < _chunk)
            throw Changed();
        while (_chunk < chunk)
            Close();
    }

    private void Close()
    {
        if (_builder.Finish() is { } chunk)
            _ready.Enqueue(chunk);
        if (++_chunk < Shape.Chunks)
            _builder.Begin(_chunk);
    }
}
