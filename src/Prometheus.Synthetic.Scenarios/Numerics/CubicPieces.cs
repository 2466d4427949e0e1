using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Eight cubics at once, each with its own coefficients: four neighbours in memory, fetched as one load per lane and
/// turned. The operations on each lane are those of the scalar form, so the bits are the same.
/// </summary>
internal static class CubicPieces
{
    /// <summary>Whether the eight-lane form pays here; elsewhere callers go one by one.</summary>
    public static bool IsSupported => Avx512F.IsSupported;

    /// <param name="first">The coefficients, four a piece.</param>
    /// <param name="piece">Piece number of each lane; not checked.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> At(ref double first, Vector512<long> piece, Vector512<double> offset)
    {
        Vector512<long> at = piece << 2;
        var a = Vector512.Create(Load(ref first, at[0]), Load(ref first, at[2]));
        var b = Vector512.Create(Load(ref first, at[1]), Load(ref first, at[3]));
        var c = Vector512.Create(Load(ref first, at[4]), Load(ref first, at[6]));
        var d = Vector512.Create(Load(ref first, at[5]), Load(ref first, at[7]));
        Vector512<double> evenNear = Avx512F.UnpackLow(a, b);
        Vector512<double> oddNear = Avx512F.UnpackHigh(a, b);
        Vector512<double> evenFar = Avx512F.UnpackLow(c, d);
        Vector512<double> oddFar = Avx512F.UnpackHigh(c, d);
        Vector512<double> c0 = Avx512F.Shuffle4x128(evenNear, evenFar, 0x88);
        Vector512<double> c1 = Avx512F.Shuffle4x128(oddNear, oddFar, 0x88);
        Vector512<double> c2 = Avx512F.Shuffle4x128(evenNear, evenFar, 0xDD);
        Vector512<double> c3 = Avx512F.Shuffle4x128(oddNear, oddFar, 0xDD);
        return c0 + offset * (c1 + offset * (c2 + offset * c3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Load(ref double first, long at) => Vector256.LoadUnsafe(ref first, (nuint)at);
}
