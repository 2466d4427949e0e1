using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>A smooth function on [0, reach] as cubic Hermite pieces of equal width; beyond, held at the last value.</summary>
internal sealed class EvenGrid
{
    private readonly double[] _coefficients;
    private readonly double _perUnit;
    private readonly int _last;

    /// <param name="at">Value and derivative at x.</param>
    public EvenGrid(double reach, int piecesPerUnit, Func<double, (double Value, double Slope)> at)
    {
        int pieces = (int)(reach * piecesPerUnit);
        _perUnit = piecesPerUnit;
        _last = pieces;
        _coefficients = new double[4 * (pieces + 1)];
        double width = 1.0 / piecesPerUnit;
        (double value, double slope) = at(0.0);
        for (int j = 0; j < pieces; j++)
        {
            (double nextValue, double nextSlope) = at((j + 1) * width);
            double rise = nextValue - value;
            (double m0, double m1) = (slope * width, nextSlope * width);
            // In units of a piece.
            _coefficients[4 * j] = value;
            _coefficients[4 * j + 1] = m0;
            _coefficients[4 * j + 2] = 3.0 * rise - 2.0 * m0 - m1;
            _coefficients[4 * j + 3] = m0 + m1 - 2.0 * rise;
            (value, slope) = (nextValue, nextSlope);
        }

        _coefficients[4 * pieces] = value;
    }

    /// <param name="x">≥ 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double At(double x)
    {
        double position = x * _perUnit;
        int j = Math.Min((int)position, _last);
        double offset = position - j;
        ref double c = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_coefficients), 4 * j);
        return c + offset * (Unsafe.Add(ref c, 1) + offset * (Unsafe.Add(ref c, 2) + offset * Unsafe.Add(ref c, 3)));
    }

    /// <summary><see cref="At(double)"/> of eight values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> At(Vector512<double> x)
    {
        Vector512<double> position = x * Vector512.Create(_perUnit);
        Vector512<long> j = Vector512.Min(Vector512.ConvertToInt64Native(position), Vector512.Create((long)_last));
        return CubicPieces.At(
            ref MemoryMarshal.GetArrayDataReference(_coefficients),
            j,
            position - Vector512.ConvertToDouble(j)
        );
    }
}
