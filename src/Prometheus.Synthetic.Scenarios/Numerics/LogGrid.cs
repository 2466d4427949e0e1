using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// A smooth function of x ≥ 0 as cubic Hermite pieces whose width is a fixed share of 1 + x: fine where x is small, as
/// coarse as a power law allows far out. A piece is found from the bits of 1 + x, so that no logarithm is taken.
/// </summary>
internal sealed class LogGrid
{
    private readonly double[] _coefficients;
    private readonly int _shift;
    private readonly long _first;
    private readonly int _last;

    /// <param name="bits">2^bits pieces per doubling of 1 + x.</param>
    /// <param name="at">Value and derivative at x.</param>
    /// <param name="goOn">Whether the grid reaches beyond an x with this value; later x are held at the last value.</param>
    /// <param name="mostDoublings">Bound on the reach.</param>
    public LogGrid(int bits, Func<double, (double Value, double Slope)> at, Func<double, bool> goOn, int mostDoublings)
    {
        _shift = 52 - bits;
        _first = BitConverter.DoubleToInt64Bits(1.0) >> _shift;
        var coefficients = new List<double>();
        int pieces = mostDoublings << bits;
        double node = 1.0;
        (double value, double slope) = at(0.0);
        for (int j = 0; j < pieces && goOn(value); j++)
        {
            double next = BitConverter.Int64BitsToDouble((_first + j + 1) << _shift);
            double width = next - node;
            (double nextValue, double nextSlope) = at(next - 1.0);
            double rise = (nextValue - value) / width;
            coefficients.Add(value);
            coefficients.Add(slope);
            coefficients.Add((3.0 * rise - 2.0 * slope - nextSlope) / width);
            coefficients.Add((slope + nextSlope - 2.0 * rise) / (width * width));
            (node, value, slope) = (next, nextValue, nextSlope);
        }

        // The held value beyond the reach.
        coefficients.AddRange([value, 0.0, 0.0, 0.0]);
        _last = coefficients.Count / 4 - 1;
        _coefficients = [.. coefficients];
    }

    /// <param name="x">≥ 0, finite.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(double x)
    {
        double v = 1.0 + x;
        long piece = BitConverter.DoubleToInt64Bits(v) >> _shift;
        double offset = v - BitConverter.Int64BitsToDouble(piece << _shift);
        int j = (int)Math.Min(piece - _first, _last);
        ref double c = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_coefficients), 4 * j);
        return c + offset * (Unsafe.Add(ref c, 1) + offset * (Unsafe.Add(ref c, 2) + offset * Unsafe.Add(ref c, 3)));
    }

    /// <summary><see cref="At(double)"/> of eight values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> At(Vector512<double> x)
    {
        Vector512<double> v = Vector512<double>.One + x;
        Vector512<long> piece = v.AsInt64() >> _shift;
        Vector512<double> offset = v - (piece << _shift).AsDouble();
        Vector512<long> j = Vector512.Min(piece - Vector512.Create(_first), Vector512.Create((long)_last));
        return CubicPieces.At(ref MemoryMarshal.GetArrayDataReference(_coefficients), j, offset);
    }
}
