using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Prometheus.Synthetic.Scenarios.Randomness;

/// <summary>
/// Eight <see cref="Philox4x32"/> blocks at once, one per 64-bit lane. Integer arithmetic only: the words are those of
/// the scalar form on every machine, whatever its vector width.
/// </summary>
internal static class PhiloxLanes
{
    /// <summary>Blocks per call.</summary>
    public const int Count = 8;

    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>0, 1, … 7: the lane numbers.</summary>
    public static Vector512<ulong> Numbers => Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>
    /// The ten rounds on eight counters. Words are in the low halves of the lanes; the high halves of the inputs are
    /// ignored and those of the outputs are not defined.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encrypt(
        ref Vector512<ulong> c0,
        ref Vector512<ulong> c1,
        ref Vector512<ulong> c2,
        ref Vector512<ulong> c3,
        uint k0,
        uint k1
    )
    {
        var multiplierA = Vector512.Create((ulong)MultiplierA);
        var multiplierB = Vector512.Create((ulong)MultiplierB);
        // Locals, not the parameters themselves: these stay in registers.
        (Vector512<ulong> x0, Vector512<ulong> x1, Vector512<ulong> x2, Vector512<ulong> x3) = (c0, c1, c2, c3);
        var key0 = Vector512.Create((ulong)k0);
        var key1 = Vector512.Create((ulong)k1);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> a = Multiply(multiplierA, x0);
            Vector512<ulong> b = Multiply(multiplierB, x2);
            x0 = (b >>> 32) ^ x1 ^ key0;
            x2 = (a >>> 32) ^ x3 ^ key1;
            x1 = b;
            x3 = a;
            key0 += Vector512.Create((ulong)WeylA);
            key1 += Vector512.Create((ulong)WeylB);
        }

        (c0, c1, c2, c3) = (x0, x1, x2, x3);
    }

    /// <summary>Words 0 and 1 (or 2 and 3) as 64 bits, the first word low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Join(Vector512<ulong> low, Vector512<ulong> high) =>
        (low & Vector512.Create(0xFFFFFFFFUL)) | (high << 32);

    /// <summary>Stores l0 h0 l1 h1 … l7 h7: a block's two numbers are neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector512<double> low, Vector512<double> high, ref double destination)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F
                .PermuteVar8x64x2(low, Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), high)
                .StoreUnsafe(ref destination);
            Avx512F
                .PermuteVar8x64x2(low, Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15), high)
                .StoreUnsafe(ref destination, Count);
            return;
        }

        for (int j = 0; j < Count; j++)
        {
            Unsafe.Add(ref destination, 2 * j) = low[j];
            Unsafe.Add(ref destination, 2 * j + 1) = high[j];
        }
    }

    /// <summary>Product of the low halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
        if (Avx2.IsSupported)
        {
            return Vector512.Create(
                Avx2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()),
                Avx2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32())
            );
        }

        return (a & Vector512.Create(0xFFFFFFFFUL)) * (b & Vector512.Create(0xFFFFFFFFUL));
    }
}
