using System.Buffers.Binary;
using Npgsql;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Writes rows of <c>path_shocks</c> in PostgreSQL's binary COPY format straight into one reused buffer: no per-value
/// dispatch, one write per 256 KiB. Rows go driver by driver, so that a driver's paths lie together on disk and the
/// primary key grows at its right edge.
/// </summary>
internal static class PathRowEncoder
{
    public const string CopyCommand =
        "COPY synthetic.path_shocks (scenario_set_id, driver_no, scenario_id, shocks) FROM STDIN (FORMAT BINARY)";

    private const int BufferBytes = 256 * 1024;
    private const int Float8Oid = 701;

    public static async Task WriteAsync(NpgsqlRawCopyStream stream, ShardContent shard, CancellationToken ct)
    {
        int rowBytes = RowBytes(shard.HorizonDays);
        byte[] buffer = new byte[Math.Max(BufferBytes, rowBytes + 64)];
        byte[] id = new byte[16];
        shard.ScenarioSetId.TryWriteBytes(id, bigEndian: true, out _);
        int used = WriteHeader(buffer);
        for (int driver = 0; driver < shard.Width; driver++)
        {
            int number = DriverNumbers.Of(shard.Drivers[driver].Kind, driver);
            for (int path = 0; path < shard.PathCount; path++)
            {
                if (used + rowBytes > buffer.Length)
                {
                    await stream.WriteAsync(buffer.AsMemory(0, used), ct);
                    used = 0;
                }

                used += WriteRow(buffer.AsSpan(used), id, driver, number, path, shard);
            }
        }

        await stream.WriteAsync(buffer.AsMemory(0, used), ct);
        await stream.WriteAsync(new byte[] { 0xFF, 0xFF }, ct); // trailer: field count −1
    }

    private static int RowBytes(int steps) => 2 + (4 + 16) + (4 + 4) + (4 + 4) + 4 + ArrayBytes(steps);

    private static int ArrayBytes(int steps) => 20 + 12 * steps;

    private static int WriteHeader(Span<byte> buffer)
    {
        // 11 signature bytes, flags, length of the header extension.
        ReadOnlySpan<byte> signature =
        [
            (byte)'P',
            (byte)'G',
            (byte)'C',
            (byte)'O',
            (byte)'P',
            (byte)'Y',
            (byte)'\n',
            0xFF,
            (byte)'\r',
            (byte)'\n',
            0,
        ];
        signature.CopyTo(buffer);
        buffer.Slice(signature.Length, 8).Clear();
        return signature.Length + 8;
    }

    private static int WriteRow(
        Span<byte> to,
        ReadOnlySpan<byte> id,
        int driver,
        int number,
        int path,
        ShardContent shard
    )
    {
        int steps = shard.HorizonDays;
        int width = shard.Width;
        BinaryPrimitives.WriteInt16BigEndian(to, 4);
        BinaryPrimitives.WriteInt32BigEndian(to[2..], 16);
        id.CopyTo(to[6..]);
        BinaryPrimitives.WriteInt32BigEndian(to[22..], 4);
        BinaryPrimitives.WriteInt32BigEndian(to[26..], number);
        BinaryPrimitives.WriteInt32BigEndian(to[30..], 4);
        BinaryPrimitives.WriteInt32BigEndian(to[34..], shard.FirstPath + path);
        BinaryPrimitives.WriteInt32BigEndian(to[38..], ArrayBytes(steps));
        BinaryPrimitives.WriteInt32BigEndian(to[42..], 1); // dimensions
        BinaryPrimitives.WriteInt32BigEndian(to[46..], 0); // no nulls
        BinaryPrimitives.WriteInt32BigEndian(to[50..], Float8Oid);
        BinaryPrimitives.WriteInt32BigEndian(to[54..], steps);
        BinaryPrimitives.WriteInt32BigEndian(to[58..], 1); // lower bound
        ReadOnlySpan<double> values = shard.Values.Span[(path * steps * width)..];
        Span<byte> cells = to.Slice(62, 12 * steps);
        for (int step = 0, from = driver; step < steps; step++, from += width)
        {
            BinaryPrimitives.WriteInt32BigEndian(cells, 8);
            BinaryPrimitives.WriteDoubleBigEndian(cells[4..], values[from]);
            cells = cells[12..];
        }

        return 62 + 12 * steps;
    }
}
