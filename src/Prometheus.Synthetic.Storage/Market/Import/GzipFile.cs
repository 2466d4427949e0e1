using System.Buffers.Binary;
using System.IO.Compression;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>
/// The framework's decompressor takes the end of a file for the end of its data, so a download that was cut short would
/// pass for a shorter history. The length at the end of an archive tells (RFC 1952, ISIZE).
/// </summary>
internal static class GzipFile
{
    private static readonly byte[] s_magic = [0x1f, 0x8b];
    private const int TrailerSize = 8;
    private const int BufferSize = 1 << 16;

    /// <summary>Whether the file begins as an archive; leaves the position at the start.</summary>
    public static async Task<bool> IsGzipAsync(FileStream file, CancellationToken ct)
    {
        byte[] start = new byte[s_magic.Length];
        int read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, ct);
        file.Position = 0;
        return read == start.Length && start.AsSpan().SequenceEqual(s_magic);
    }

    /// <summary>Reads the archive to its end; leaves the position at the start.</summary>
    /// <exception cref="InvalidDataException">It is damaged or ends too early.</exception>
    public static async Task RequireWholeAsync(FileStream file, CancellationToken ct)
    {
        long length = 0;
        byte[] buffer = new byte[BufferSize];
        await using (var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true))
        {
            int read;
            while ((read = await content.ReadAsync(buffer, ct)) > 0)
                length += read;
        }

        byte[] trailer = new byte[TrailerSize];
        file.Position = Math.Max(0, file.Length - TrailerSize);
        int got = await file.ReadAtLeastAsync(trailer, TrailerSize, throwOnEndOfStream: false, ct);
        file.Position = 0;
        uint stated = got == TrailerSize ? BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(4)) : 0;
        if (stated != (uint)length && !await HasSecondMemberAsync(file, ct))
            throw new InvalidDataException($"the archive holds {length} bytes and says {stated}");
    }

    /// <summary>Archives written one after the other into one file: the length at the end is that of the last alone.</summary>
    private static async Task<bool> HasSecondMemberAsync(FileStream file, CancellationToken ct)
    {
        byte[] bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, ct);
        file.Position = 0;
        // Magic, the one method there is (deflate), and flags of which only the low five bits exist.
        for (int i = 1; i + 3 < bytes.Length; i++)
        {
            if (bytes[i] == s_magic[0] && bytes[i + 1] == s_magic[1] && bytes[i + 2] == 8 && bytes[i + 3] < 32)
                return true;
        }

        return false;
    }
}
