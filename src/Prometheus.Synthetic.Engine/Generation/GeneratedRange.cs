using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Engine.Generation;

/// <summary>A range of paths with what belongs to them, made into a caller's buffer.</summary>
/// <param name="Annotations">One per path, null where there is none.</param>
/// <param name="Digests">32 bytes a path, in path order.</param>
internal sealed record GeneratedRange(PathAnnotation?[] Annotations, byte[] Digests)
{
    /// <param name="values">Receives count·H·K values, [path][step 1..H][driver].</param>
    public static GeneratedRange Make(
        IPathGenerator generator,
        int horizonDays,
        int first,
        int count,
        Span<double> values
    )
    {
        PathAnnotation?[] annotations = generator.GenerateDescribed(first, count, values);
        return new GeneratedRange(annotations, DigestsOf(values, horizonDays * generator.Drivers.Count, annotations));
    }

    /// <summary>The digests of paths of <paramref name="pathCells"/> cells each.</summary>
    public static byte[] DigestsOf(
        ReadOnlySpan<double> values,
        int pathCells,
        IReadOnlyList<PathAnnotation?> annotations
    )
    {
        byte[] digests = new byte[annotations.Count * PathDigest.Length];
        for (int i = 0; i < annotations.Count; i++)
        {
            PathDigest.Compute(
                values.Slice(i * pathCells, pathCells),
                annotations[i],
                digests.AsSpan(i * PathDigest.Length)
            );
        }

        return digests;
    }
}
