using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Scenarios.Hashing;

/// <summary>
/// SHA-256 of one path: SHA256( SHA256(values) ‖ SHA256(annotation) ). Values are the H·K doubles in step-major order,
/// little-endian; the annotation is its canonical JSON, empty when there is none. One path is the unit, so that digests
/// do not depend on how a set was cut into shards and a verification can name the path that differs.
/// </summary>
public static class PathDigest
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <param name="values">The path's H·K values, [step][driver].</param>
    /// <param name="annotation">What is stored beside the values, or null.</param>
    /// <param name="destination">Receives 32 bytes.</param>
    public static void Compute(ReadOnlySpan<double> values, PathAnnotation? annotation, Span<byte> destination)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Digests are defined over little-endian doubles.");
        Span<byte> parts = stackalloc byte[2 * Length];
        SHA256.HashData(MemoryMarshal.AsBytes(values), parts);
        byte[] annotationBytes = annotation is null ? [] : PathAnnotationJson.Bytes(annotation);
        SHA256.HashData(annotationBytes, parts[Length..]);
        SHA256.HashData(parts, destination);
    }
}
