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
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> a = Multiply(multiplierA, c0);
            Vector512<ulong> b = Multiply(multiplierB, c2);
            c0 = (b >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (a >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = b;
            c3 = a;
            k0 += WeylA;
            k1 += WeylB;
        }
    }

    /// <summary>Words 0 and 1 (or 2 and 3) as 64 bits, the first word low.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Join(Vector512<ulong> low, Vector512<ulong> high) =>
        (low & Vector512.Create(0xFFFFFFFFUL)) | (high << 32);

    /// <summary>Product of the low halves of the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b)
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
