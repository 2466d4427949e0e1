using System.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

/// <summary>The exponential in 320-bit fixed-point integer arithmetic: a reference that shares nothing with the tested code.</summary>
internal static class HighPrecision
{
    private const int Bits = 320;

    /// <summary>1 in fixed point.</summary>
    public static readonly BigInteger One = BigInteger.One << Bits;

    /// <summary>The exact value of a double in fixed point (|x| ≥ 2⁻²⁶⁰ or 0).</summary>
    public static BigInteger Exact(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFFL) | (exponent == 0 ? 0 : 1L << 52);
        int shift = Bits + Math.Max(exponent, 1) - 1075;
        BigInteger value = shift >= 0 ? mantissa << shift : mantissa >> -shift;
        return bits < 0 ? -value : value;
    }

    /// <summary>eˣ: Taylor series of x/2⁴⁸, squared 48 times; about 260 correct bits.</summary>
    public static BigInteger Exp(double x)
    {
        const int halvings = 48;
        BigInteger r = Exact(x) >> halvings;
        BigInteger term = One;
        BigInteger sum = One;
        for (int n = 1; !term.IsZero && n < 60; n++)
        {
            term = (term * r >> Bits) / n;
            sum += term;
        }

        for (int i = 0; i < halvings; i++)
            sum = sum * sum >> Bits;
        return sum;
    }

    /// <summary>Difference of two fixed-point numbers in units of <paramref name="unit"/>.</summary>
    public static double Distance(BigInteger a, BigInteger b, double unit) => (double)(a - b) / (double)One / unit;
}
