using System.Globalization;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Where chunks of given paths are read from. Thread-safe.</summary>
public interface IGivenPathChunks
{
    /// <summary>The chunk of an address; its bytes have been checked against the address.</summary>
    /// <exception cref="InvalidDataException">The chunk is not stored or was altered.</exception>
    GivenPathChunk Read(string address);
}

/// <summary>
/// Given paths in chunks of whole paths under their content hash: the snapshot holds the list of hashes, and whoever wants
/// a range of paths reads the chunks it touches. Memory is bounded by the chunk and not by the set. Immutable.
/// </summary>
public sealed class ChunkedPaths : IGivenPaths
{
    private readonly IGivenPathChunks? _chunks;

    /// <param name="numPaths">Paths N.</param>
    /// <param name="horizonDays">Steps H per path, 1..60.</param>
    /// <param name="width">Drivers K.</param>
    /// <param name="pathsPerChunk">Paths in every chunk but the last.</param>
    /// <param name="annotatedPaths">Paths that have an annotation.</param>
    /// <param name="addresses">The chunks' addresses in path order, one a chunk.</param>
    /// <param name="chunks">Where to read them; null when only what they are is of interest.</param>
    /// <exception cref="InvalidDataException">The numbers do not fit each other.</exception>
    public ChunkedPaths(
        int numPaths,
        int horizonDays,
        int width,
        int pathsPerChunk,
        int annotatedPaths,
        IReadOnlyList<string> addresses,
        IGivenPathChunks? chunks = null
    )
    {
        bool possible =
            numPaths >= 1
            && horizonDays is >= 1 and <= GenerationShape.MaxHorizonDays
            && width >= 1
            && pathsPerChunk >= 1
            && annotatedPaths >= 0
            && annotatedPaths <= numPaths
            && addresses.Count == (numPaths + (long)pathsPerChunk - 1) / pathsPerChunk;
        if (!possible)
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{addresses.Count} chunks of {pathsPerChunk} paths are no {numPaths} paths of {horizonDays} steps and {width} drivers."
                )
            );
        NumPaths = numPaths;
        HorizonDays = horizonDays;
        Width = width;
        PathsPerChunk = pathsPerChunk;
        AnnotatedPaths = annotatedPaths;
        Addresses = addresses;
        _chunks = chunks;
    }

    public int NumPaths { get; }

    public int HorizonDays { get; }

    /// <summary>Number of drivers K.</summary>
    public int Width { get; }

    /// <summary>Paths in every chunk but the last.</summary>
    public int PathsPerChunk { get; }

    public int AnnotatedPaths { get; }

    /// <summary>The chunks' addresses in path order.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The same paths, to be read from there.</summary>
    public ChunkedPaths ReadFrom(IGivenPathChunks chunks) =>
        new(NumPaths, HorizonDays, Width, PathsPerChunk, AnnotatedPaths, Addresses, chunks);

    public PathAnnotation?[] Read(int first, int count, Span<double> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, NumPaths);
        int cells = HorizonDays * Width;
        var annotations = new PathAnnotation?[count];
        for (int done = 0; done < count; )
        {
            int path = first + done;
            GivenPathChunk chunk = Chunk(path / PathsPerChunk);
            int taken = Math.Min(count - done, chunk.FirstPath + chunk.PathCount - path);
            chunk
                .Values.Span.Slice((path - chunk.FirstPath) * cells, taken * cells)
                .CopyTo(destination[(done * cells)..]);
            for (int i = 0; AnnotatedPaths > 0 && i < taken; i++)
                annotations[done + i] = chunk.Annotation(path + i);
            done += taken;
        }

        return annotations;
    }

    public PathAnnotation? Describe(int path) =>
        AnnotatedPaths == 0 ? null : Chunk(path / PathsPerChunk).Annotation(path);

    /// <summary>Reads every chunk once, so that what is missing or altered is found before it is needed.</summary>
    /// <exception cref="InvalidDataException">A chunk is missing or altered; names its paths.</exception>
    public void Check(CancellationToken ct)
    {
        for (int chunk = 0; chunk < Addresses.Count; chunk++)
        {
            ct.ThrowIfCancellationRequested();
            Chunk(chunk);
        }
    }

    private GivenPathChunk Chunk(int index)
    {
        IGivenPathChunks source =
            _chunks ?? throw new InvalidOperationException("These given paths were not told where they are stored.");
        int first = index * PathsPerChunk;
        int count = Math.Min(PathsPerChunk, NumPaths - first);
        try
        {
            GivenPathChunk chunk = source.Read(Addresses[index]);
            return chunk.FirstPath == first && chunk.PathCount == count && chunk.PathCells == HorizonDays * Width
                ? chunk
                : throw new InvalidDataException("the chunk holds other paths");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Given paths {first} to {first + count - 1} cannot be read: {e.Message}"
                ),
                e
            );
        }
    }
}
