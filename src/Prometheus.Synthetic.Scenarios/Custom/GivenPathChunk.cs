using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// Whole paths that follow each other, the unit in which given paths are stored, addressed and read. Annotations stay in
/// their canonical bytes until they are asked for: as objects they would outweigh the numbers.
/// </summary>
public sealed class GivenPathChunk
{
    /// <summary>Values per chunk: 512 KiB, small enough that a mixture may pick paths one by one.</summary>
    private const int Cells = 65_536;

    /// <summary>Bounds what annotations add where paths are short and narrow.</summary>
    private const int MaxPaths = 1_024;

    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _annotations;

    /// <param name="firstPath">Number of the first path in the set.</param>
    /// <param name="values">Values of whole paths, [path][step 1..H][driver].</param>
    /// <param name="annotations">Canonical JSON per path, empty where there is none; as many as there are paths.</param>
    public GivenPathChunk(int firstPath, double[] values, IReadOnlyList<ReadOnlyMemory<byte>> annotations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstPath);
        if (annotations.Count == 0 || values.Length == 0 || values.Length % annotations.Count != 0)
            throw new ArgumentException(
                $"{values.Length} values are no {annotations.Count} whole paths.",
                nameof(values)
            );
        FirstPath = firstPath;
        Values = values;
        _annotations = annotations;
    }

    /// <summary>Number of the first path in the set.</summary>
    public int FirstPath { get; }

    /// <summary>Number of paths.</summary>
    public int PathCount => _annotations.Count;

    /// <summary>Values of one path, H·K.</summary>
    public int PathCells => Values.Length / PathCount;

    /// <summary>All values, [path][step 1..H][driver].</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>Paths in every chunk but the last of a set of so many steps and drivers.</summary>
    public static int PathsPerChunk(int horizonDays, int width) =>
        (int)Math.Clamp(Cells / ((long)horizonDays * width), 1, MaxPaths);

    /// <summary>Canonical JSON of the annotation of a path of the set; empty where there is none.</summary>
    public ReadOnlyMemory<byte> AnnotationBytes(int path) => _annotations[path - FirstPath];

    /// <summary>The annotation of a path of the set, or null.</summary>
    public PathAnnotation? Annotation(int path) =>
        AnnotationBytes(path) is { IsEmpty: false } bytes ? PathAnnotationJson.Parse(bytes.Span) : null;
}
