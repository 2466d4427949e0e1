using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// Canonical bytes of a chunk of given paths, little-endian: the tag <c>PSGIV001</c>, first path, number of paths and
/// values per path (int32 each), the length of each path's annotation (int32, 0 for none), the annotations as canonical
/// JSON, the values as doubles. Equal chunks have equal bytes; the SHA-256 of the bytes is the address. The first path is
/// among them, so that a chunk cannot stand in for another of the same values.
/// </summary>
public static class GivenPathChunkCodec
{
    private const int Fixed = 8 + 3 * 4;

    private static ReadOnlySpan<byte> Tag => "PSGIV001"u8;

    public static byte[] Encode(GivenPathChunk chunk)
    {
        ReadOnlyMemory<byte>[] annotations =
        [
            .. Enumerable.Range(chunk.FirstPath, chunk.PathCount).Select(chunk.AnnotationBytes),
        ];
        int text = annotations.Sum(a => a.Length);
        byte[] bytes = new byte[checked(Fixed + 4 * annotations.Length + text + 8 * chunk.Values.Length)];
        Span<byte> rest = bytes;
        Tag.CopyTo(rest);
        rest = rest[Tag.Length..];
        Put(ref rest, chunk.FirstPath);
        Put(ref rest, chunk.PathCount);
        Put(ref rest, chunk.PathCells);
        foreach (ReadOnlyMemory<byte> annotation in annotations)
            Put(ref rest, annotation.Length);
        foreach (ReadOnlyMemory<byte> annotation in annotations)
        {
            annotation.Span.CopyTo(rest);
            rest = rest[annotation.Length..];
        }

        MemoryMarshal.AsBytes(chunk.Values.Span).CopyTo(rest);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not a chunk.</exception>
    public static GivenPathChunk Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Fixed || !bytes[..Tag.Length].SequenceEqual(Tag))
            throw new InvalidDataException("These bytes are not a chunk of given paths.");
        ReadOnlySpan<byte> rest = bytes[Tag.Length..];
        int first = Take(ref rest);
        int paths = Take(ref rest);
        int cells = Take(ref rest);
        if (first < 0 || paths < 1 || cells < 1 || rest.Length / 4 < paths || rest.Length / 8 < (long)paths * cells)
            throw new InvalidDataException("The chunk of given paths is truncated.");
        int[] lengths = new int[paths];
        long text = 0;
        for (int i = 0; i < paths; i++)
        {
            lengths[i] = Take(ref rest);
            text += lengths[i] >= 0 ? lengths[i] : throw new InvalidDataException("An annotation has no length.");
        }

        if (rest.Length != text + 8L * paths * cells)
            throw new InvalidDataException("The chunk of given paths has not the length that it announces.");
        var annotations = new ReadOnlyMemory<byte>[paths];
        for (int i = 0; i < paths; i++)
        {
            annotations[i] = rest[..lengths[i]].ToArray();
            rest = rest[lengths[i]..];
        }

        double[] values = new double[paths * cells];
        rest.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return new GivenPathChunk(first, values, annotations);
    }

    private static void Put(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[4..];
    }

    private static int Take(ref ReadOnlySpan<byte> rest)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[4..];
        return value;
    }
}
