using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using System.Text;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>
/// Draws that belong to an instrument by its name, not by its place among the others: instruments in another order, or
/// without some of them, draw what they drew before. An instrument's address is the first 48 bits of the SHA-256 of its
/// id: 16 of them are the lane, 32 the index of <see cref="PhiloxStream"/>. Two ids that share an address (among 10,000,
/// odds of 2·10⁻⁷) move apart: the later in ordinal order takes the next free one. Immutable and thread-safe.
/// </summary>
internal sealed class InstrumentDraws
{
    /// <summary>Instruments drawn at once.</summary>
    public const int Band = PhiloxLanes.Count;

    private const ulong AddressMask = (1UL << 48) - 1;
    private readonly PhiloxStream _stream;
    private readonly int _count;

    // Padded to whole bands; what the padding draws is not used.
    private readonly ulong[] _lanes;
    private readonly ulong[] _indices;

    public InstrumentDraws(IReadOnlyList<string> ids, PhiloxStream stream)
    {
        _stream = stream;
        _count = ids.Count;
        int padded = (ids.Count + Band - 1) / Band * Band;
        _lanes = new ulong[padded];
        _indices = new ulong[padded];
        var taken = new HashSet<ulong>();
        foreach (int i in Enumerable.Range(0, ids.Count).OrderBy(i => ids[i], StringComparer.Ordinal))
        {
            ulong address = AddressOf(ids[i]);
            while (!taken.Add(address))
                address = (address + 1) & AddressMask;
            _lanes[i] = address >> 32;
            _indices[i] = (uint)address;
        }
    }

    /// <summary>The address of an id that meets no other: lane · 2³² + index.</summary>
    public static ulong AddressOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash) >> 16;
    }

    /// <summary>The four words of block <paramref name="block"/> of instruments first … first + 7, one lane each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Words(
        int path,
        int block,
        DrawPurpose purpose,
        int first,
        out Vector512<ulong> w0,
        out Vector512<ulong> w1,
        out Vector512<ulong> w2,
        out Vector512<ulong> w3
    )
    {
        w0 = Vector512.Create((ulong)(uint)path);
        w1 = Vector512.Create((ulong)(uint)block);
        w2 = Vector512.LoadUnsafe(ref _lanes[first]) | Vector512.Create((ulong)purpose << 16);
        w3 = Vector512.LoadUnsafe(ref _indices[first]);
        _stream.Blocks(ref w0, ref w1, ref w2, ref w3);
    }

    /// <summary>Uniforms in (0, 1) of every instrument at steps 2 · <paramref name="pair"/> and the one after it.</summary>
    /// <param name="even">Receives N values.</param>
    /// <param name="odd">Receives N values.</param>
    public void FillUniforms(int path, int pair, DrawPurpose purpose, Span<double> even, Span<double> odd)
    {
        if (even.Length < _count || odd.Length < _count)
            throw new ArgumentException("The spans hold a value for every instrument.");
        ref double low = ref MemoryMarshal.GetReference(even);
        ref double high = ref MemoryMarshal.GetReference(odd);
        for (int first = 0; first < _count; first += Band)
        {
            Words(path, pair, purpose, first, out var w0, out var w1, out var w2, out var w3);
            Vector512<double> a = PhiloxStream.ToOpenUniform(PhiloxLanes.Join(w0, w1));
            Vector512<double> b = PhiloxStream.ToOpenUniform(PhiloxLanes.Join(w2, w3));
            if (first + Band <= _count)
            {
                a.StoreUnsafe(ref low, (nuint)first);
                b.StoreUnsafe(ref high, (nuint)first);
                continue;
            }

            for (int i = first; i < _count; i++)
            {
                even[i] = a[i - first];
                odd[i] = b[i - first];
            }
        }
    }

    /// <summary>Standard normals of the same addresses, by inverse CDF of <see cref="FillUniforms"/>.</summary>
    public void FillNormals(int path, int pair, DrawPurpose purpose, Span<double> even, Span<double> odd)
    {
        FillUniforms(path, pair, purpose, even, odd);
        StandardNormal.QuantilesInPlace(even[.._count]);
        StandardNormal.QuantilesInPlace(odd[.._count]);
    }
}
