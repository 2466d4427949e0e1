using System.Runtime.CompilerServices;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Elementary functions built from + − × ÷ and bit operations only, so that every platform gives the same bits.
/// The platform's own <c>Math.Log</c> and <c>Math.Exp</c> come from its C library and may differ in the last place;
/// everything that ends in a content hash uses these instead. Error below 1 ulp (tested against high precision).
/// </summary>
public static partial class StableMath
{
    // ln 2 in two parts: the high part has 32 significant bits, so k · Ln2High is exact for |k| ≤ 2¹⁹.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700;

    /// <summary>Natural logarithm. Domain x ≥ 0; 0 gives −∞, negative and NaN give NaN.</summary>
    /// <remarks>
    /// x = 2ᵏ·m with m in [√½, √2); with s = (m−1)/(m+1), ln m = 2·atanh s = 2s + s³·(2/3 + 2/5·s² + …), the odd series
    /// to s²³ (|s| ≤ 0.1716, truncation below 2⁻⁶⁰), arranged as f − (½f² − s·(½f² + R)) to keep the small terms apart.
    /// </remarks>
    public static double Log(double x)
    {
        if (!(x > 0.0))
            return x == 0.0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;

        int k = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2⁵⁴: leave the subnormals
            k = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        k += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            k++;
        }

        double f = m - 1.0;
        double s = f / (2.0 + f);
        double z = s * s;
        double tail = 2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21 + z * (2.0 / 23))));
        double r =
            z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11 + z * (2.0 / 13 + z * tail))))));
        double half = 0.5 * f * f;
        return k * Ln2High - ((half - (s * (half + r) + k * Ln2Low)) - f);
    }

    /// <summary>e to the power x. Overflows to +∞ above 709.78, to 0 below −745.13.</summary>
    /// <remarks>
    /// x = k·ln 2 + r, |r| ≤ ½ ln 2, r kept as a high and a low part; eʳ by its Taylor series to r¹³ (truncation below
    /// 2⁻⁵⁹) summed from the smallest term; then scaled by 2ᵏ in two exact steps.
    /// </remarks>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        if (x < -745.1332191019412)
            return 0.0;

        double kd = Math.Floor(x * InverseLn2 + 0.5);
        int k = (int)kd;
        double high = x - kd * Ln2High;
        double low = kd * Ln2Low;
        double r = high - low;
        double correction = (high - r) - low;
        double p = 1.0 / 6227020800;
        p = p * r + 1.0 / 479001600;
        p = p * r + 1.0 / 39916800;
        p = p * r + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        double value = 1.0 + (r + (r * r * p + correction));
        int first = k / 2;
        return value * PowerOfTwo(first) * PowerOfTwo(k - first);
    }

    /// <summary>x to the power y for x ≥ 0, as exp(y·ln x); relative error grows with |y·ln x| (below 1e-13 for |y·ln x| ≤ 100).</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0.0 || x == 1.0)
            return 1.0;
        if (x == 0.0)
            return y > 0.0 ? 0.0 : double.PositiveInfinity;
        return Exp(y * Log(x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
