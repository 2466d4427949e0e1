using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Paths that nobody generated, wherever they lie: in memory, or in chunks that are read when they are wanted.</summary>
public interface IGivenPaths
{
    /// <summary>Number of paths N.</summary>
    int NumPaths { get; }

    /// <summary>Steps per path H.</summary>
    int HorizonDays { get; }

    /// <summary>Paths of which something is said beyond their numbers.</summary>
    int AnnotatedPaths { get; }

    /// <summary>Writes paths [first, first + count) and says what belongs to them.</summary>
    /// <param name="destination">Receives count·H·K values, [path][step 1..H][driver].</param>
    /// <returns>One annotation a path, null where there is none.</returns>
    /// <exception cref="InvalidDataException">Paths are not where they were put, or were altered; names them.</exception>
    PathAnnotation?[] Read(int first, int count, Span<double> destination);

    /// <summary>The annotation of one path, or null.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    PathAnnotation? Describe(int path);
}
