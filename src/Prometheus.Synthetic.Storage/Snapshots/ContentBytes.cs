using Prometheus.Synthetic.Scenarios.Panels;
using ZstdSharp;

namespace Prometheus.Synthetic.Storage.Snapshots;

/// <summary>Bytes under their content hash as they are stored: compressed, checked against the hash when they are read.</summary>
internal static class ContentBytes
{
    private const int CompressionLevel = 3;

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using var compressor = new Compressor(CompressionLevel);
        return compressor.Wrap(bytes).ToArray();
    }

    /// <param name="what">Begins the message of an error, e.g. <c>Calibration snapshot sha256:…</c>.</param>
    /// <exception cref="InvalidDataException">The bytes do not unpack or have another hash.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, string hash, string what)
    {
        using var decompressor = new Decompressor();
        byte[] bytes;
        try
        {
            bytes = decompressor.Unwrap(packed).ToArray();
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"{what} was altered: it does not unpack.", e);
        }

        return string.Equals(CalibrationSnapshotCodec.Address(bytes), hash, StringComparison.Ordinal)
            ? bytes
            : throw new InvalidDataException($"{what} was altered: its bytes have another hash.");
    }
}
