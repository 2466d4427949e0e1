using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Rows of one chunk of paths as bytes that outlive the buffer, for this process alone: row (int64), path (int32), number
/// of values (int32), then driver and first step (int32 each) and the values, or, where the number is negative, an
/// annotation of that many bytes.
/// </summary>
internal sealed class RowPiece
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <returns>Bytes added.</returns>
    public int Add(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values)
    {
        int length = 24 + 8 * values.Length;
        Span<byte> to = _bytes.GetSpan(length);
        Begin(to, row, path, values.Length);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], driver);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], firstStep);
        MemoryMarshal.AsBytes(values).CopyTo(to[24..]);
        _bytes.Advance(length);
        return length;
    }

    /// <returns>Bytes added.</returns>
    public int Add(long row, int path, ReadOnlySpan<byte> annotation)
    {
        int length = 16 + annotation.Length;
        Span<byte> to = _bytes.GetSpan(length);
        Begin(to, row, path, -annotation.Length);
        annotation.CopyTo(to[16..]);
        _bytes.Advance(length);
        return length;
    }

    /// <summary>Gives the rows to the builder in the order in which they came.</summary>
    public static void Replay(ReadOnlySpan<byte> bytes, ChunkBuilder builder)
    {
        Span<double> values = stackalloc double[GenerationShape.MaxHorizonDays];
        while (!bytes.IsEmpty)
        {
            long row = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            int path = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            int count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
            if (count < 0)
            {
                builder.Annotate(row, path, PathAnnotationJson.Parse(bytes.Slice(16, -count)));
                bytes = bytes[(16 - count)..];
                continue;
            }

            int driver = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
            int firstStep = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
            bytes.Slice(24, 8 * count).CopyTo(MemoryMarshal.AsBytes(values));
            builder.Place(row, path, driver, firstStep, values[..count]);
            bytes = bytes[(24 + 8 * count)..];
        }
    }

    private static void Begin(Span<byte> to, long row, int path, int count)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, row);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], path);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], count);
    }
}
