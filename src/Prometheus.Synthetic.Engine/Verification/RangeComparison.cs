using System.Globalization;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>One of the three sides of a range of paths.</summary>
/// <param name="Values">[path][step][driver], or empty when only digests are there.</param>
/// <param name="Digests">32 bytes a path.</param>
internal sealed record RangeSide(
    ReadOnlyMemory<double> Values,
    IReadOnlyList<PathAnnotation?> Annotations,
    byte[] Digests
);

/// <summary>
/// Finds the first path of a range on which fresh paths, stored rows and manifest do not agree, and in it the first cell.
/// The manifest has digests only; the cell comes from comparing the two that have values.
/// </summary>
internal static class RangeComparison
{
    /// <param name="first">Number of the range's first path.</param>
    /// <param name="manifest">Digests as they were sealed.</param>
    /// <param name="fresh">Recomputed, or null.</param>
    /// <param name="stored">Read back, or null.</param>
    /// <param name="fault">A row that was missing or of another length when reading back.</param>
    public static FirstDifference? Find(
        int first,
        int steps,
        IReadOnlyList<Driver> drivers,
        byte[] manifest,
        RangeSide? fresh,
        RangeSide? stored,
        PathRowFault? fault
    )
    {
        int paths = manifest.Length / PathDigest.Length;
        for (int path = 0; path < paths; path++)
        {
            bool freshAgrees = fresh is null || Same(fresh.Digests, manifest, path);
            bool storedAgrees = stored is null || Same(stored.Digests, manifest, path);
            if (freshAgrees && storedAgrees)
                continue;
            if (fault is not null && fault.Path == first + path)
                return new FirstDifference(
                    "stored rows and record",
                    fault.Path,
                    drivers[fault.Driver].Id,
                    Problem: fault.Problem
                );
            string between =
                storedAgrees ? "recomputed paths and record"
                : freshAgrees ? "stored rows and record"
                : "stored rows, recomputed paths and record";
            return Cell(between, first, path, steps, drivers, fresh, stored, vouched: storedAgrees ? stored : fresh);
        }

        return null;
    }

    private static FirstDifference Cell(
        string between,
        int first,
        int path,
        int steps,
        IReadOnlyList<Driver> drivers,
        RangeSide? fresh,
        RangeSide? stored,
        RangeSide? vouched
    )
    {
        if (fresh is null || stored is null)
            return new FirstDifference(
                between,
                first + path,
                Problem: "the path's digest differs; with the other side missing the cell cannot be named"
            );
        RangeSide other = ReferenceEquals(vouched, stored) ? fresh : stored;
        int cells = steps * drivers.Count;
        ReadOnlySpan<double> expected = vouched!.Values.Span.Slice(path * cells, cells);
        ReadOnlySpan<double> found = other.Values.Span.Slice(path * cells, cells);
        for (int i = 0; i < cells; i++)
        {
            if (BitConverter.DoubleToInt64Bits(expected[i]) != BitConverter.DoubleToInt64Bits(found[i]))
                return new FirstDifference(
                    between,
                    first + path,
                    drivers[i % drivers.Count].Id,
                    i / drivers.Count + 1,
                    expected[i].ToString("R", CultureInfo.InvariantCulture),
                    found[i].ToString("R", CultureInfo.InvariantCulture)
                );
        }

        return vouched
            .Digests.AsSpan(path * PathDigest.Length, PathDigest.Length)
            .SequenceEqual(other.Digests.AsSpan(path * PathDigest.Length, PathDigest.Length))
            ? new FirstDifference(
                between,
                first + path,
                Problem: "both agree with each other: the manifest was altered"
            )
            : new FirstDifference(
                between,
                first + path,
                Expected: Text(vouched.Annotations[path]),
                Found: Text(other.Annotations[path]),
                Problem: "the values agree, the path's annotation does not"
            );
    }

    private static bool Same(byte[] digests, byte[] manifest, int path) =>
        digests
            .AsSpan(path * PathDigest.Length, PathDigest.Length)
            .SequenceEqual(manifest.AsSpan(path * PathDigest.Length, PathDigest.Length));

    private static string Text(PathAnnotation? annotation) =>
        annotation is null ? "none" : System.Text.Encoding.UTF8.GetString(PathAnnotationJson.Bytes(annotation));
}
