using System.Security.Cryptography;
using System.Text;

namespace Prometheus.Synthetic.Scenarios.Hashing;

/// <summary>Version-5 UUIDs (RFC 9562): the same name gives the same id, on every machine and at every redelivery.</summary>
public static class NameBasedGuid
{
    /// <summary>The namespace of every id this engine derives.</summary>
    public static readonly Guid Namespace = new("6f1d3c58-7a0e-5b52-9d8b-170517051705");

    public static Guid Create(string name) => Create(Namespace, Encoding.UTF8.GetBytes(name));

    public static Guid Create(Guid space, ReadOnlySpan<byte> name)
    {
        byte[] input = new byte[16 + name.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 defines version 5 over SHA-1; nothing here relies on collision resistance
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
