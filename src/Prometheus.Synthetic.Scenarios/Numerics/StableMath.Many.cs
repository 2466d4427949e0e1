using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>
/// Eight at a time for kernels. Every lane goes through the operations of the scalar form in the same order, special
/// values included, so the bits are the same on every machine.
/// </content>
public static partial class StableMath
{
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double TwoToThe54 = 18014398509481984.0;

    // Many elements, function by function: the chain of operations within one function is long, and only neighbours that
    // do not wait for each other keep the processor busy. Lengths are multiples of eight; source and result may be one.

    internal static void Log(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            Log(Vector512.Create(x[i..])).CopyTo(result[i..]);
    }

    internal static void Exp(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            Exp(Vector512.Create(x[i..])).CopyTo(result[i..]);
    }

    internal static void Log1p(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            Log1p(Vector512.Create(x[i..])).CopyTo(result[i..]);
    }

    internal static void Expm1(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            Expm1(Vector512.Create(x[i..])).CopyTo(result[i..]);
    }

    internal static void Pow(ReadOnlySpan<double> x, double y, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            Pow(Vector512.Create(x[i..]), y).CopyTo(result[i..]);
    }

    /// <summary><see cref="Log(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Log(Vector512<double> x)
    {
        var finite = Vector512.LessThan(x, Vector512.Create(double.PositiveInfinity));
        Vector512<double> usual = Vector512.GreaterThanOrEqual(x, Vector512.Create(SmallestNormal)) & finite;
        return Vector512.EqualsAll(usual.AsInt64(), Vector512<long>.AllBitsSet) ? LogOfNormal(x) : LogOfAny(x);
    }

    /// <summary><see cref="Exp(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Exp(Vector512<double> x)
    {
        var one = Vector512<double>.One;
        Vector512<double> kd = Vector512.Floor(x * Vector512.Create(InverseLn2) + Vector512.Create(0.5));
        // Beyond ±1100 the answer is chosen below, whatever is computed here.
        Vector512<long> k = Vector512.ConvertToInt64Native(
            Vector512.MinNative(Vector512.MaxNative(kd, Vector512.Create(-1100.0)), Vector512.Create(1100.0))
        );
        Vector512<double> high = x - kd * Vector512.Create(Ln2High);
        Vector512<double> low = kd * Vector512.Create(Ln2Low);
        Vector512<double> r = high - low;
        Vector512<double> correction = (high - r) - low;
        Vector512<double> p = Vector512.Create(1.0 / 6227020800);
        p = p * r + Vector512.Create(1.0 / 479001600);
        p = p * r + Vector512.Create(1.0 / 39916800);
        p = p * r + Vector512.Create(1.0 / 3628800);
        p = p * r + Vector512.Create(1.0 / 362880);
        p = p * r + Vector512.Create(1.0 / 40320);
        p = p * r + Vector512.Create(1.0 / 5040);
        p = p * r + Vector512.Create(1.0 / 720);
        p = p * r + Vector512.Create(1.0 / 120);
        p = p * r + Vector512.Create(1.0 / 24);
        p = p * r + Vector512.Create(1.0 / 6);
        p = p * r + Vector512.Create(0.5);
        Vector512<double> value = one + (r + (r * r * p + correction));
        // Halves towards zero, as integer division does.
        Vector512<long> first = (k - (k >> 63)) >> 1;
        value = value * PowerOfTwo(first) * PowerOfTwo(k - first);
        value = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512.Create(709.782712893384)),
            Vector512.Create(double.PositiveInfinity),
            value
        );
        value = Vector512.ConditionalSelect(
            Vector512.LessThan(x, Vector512.Create(-745.1332191019412)),
            Vector512<double>.Zero,
            value
        );
        return Vector512.ConditionalSelect(Vector512.Equals(x, x), value, x);
    }

    /// <summary><see cref="Log1p(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Log1p(Vector512<double> x)
    {
        var one = Vector512<double>.One;
        var infinity = Vector512.Create(double.PositiveInfinity);
        Vector512<double> u = one + x;
        Vector512<double> value = Log(u) * (x / (u - one));
        value = Vector512.ConditionalSelect(Vector512.Equals(u, one), x, value);
        return Vector512.ConditionalSelect(Vector512.Equals(u, infinity), infinity, value);
    }

    /// <summary><see cref="Expm1(double)"/> of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Expm1(Vector512<double> x) => Expm1(x, out _);

    /// <summary>As above, with the exponential itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Expm1(Vector512<double> x, out Vector512<double> exponential)
    {
        var one = Vector512<double>.One;
        Vector512<double> u = exponential = Exp(x);
        Vector512<double> difference = u - one;
        Vector512<double> value = difference * (x / Log(u));
        Vector512<double> far =
            Vector512.GreaterThan(Vector512.Abs(x), Vector512.Create(40.0)) | Vector512.Equals(difference, -one);
        value = Vector512.ConditionalSelect(far, difference, value);
        return Vector512.ConditionalSelect(Vector512.Equals(u, one), x, value);
    }

    /// <summary><see cref="Pow(double, double)"/> of eight for x &gt; 0 and y ≠ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Pow(Vector512<double> x, double y) =>
        Vector512.ConditionalSelect(
            Vector512.Equals(x, Vector512<double>.One),
            Vector512<double>.One,
            Exp(Vector512.Create(y) * Log(x))
        );

    /// <summary>Normal positive numbers only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> LogOfNormal(Vector512<double> x) => LogOfScaled(x, Vector512<double>.Zero);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> LogOfAny(Vector512<double> x)
    {
        var zero = Vector512<double>.Zero;
        Vector512<double> small = Vector512.LessThan(x, Vector512.Create(SmallestNormal));
        Vector512<double> value = LogOfScaled(
            Vector512.ConditionalSelect(small, x * Vector512.Create(TwoToThe54), x),
            Vector512.ConditionalSelect(small, Vector512.Create(-54.0), zero)
        );
        var infinity = Vector512.Create(double.PositiveInfinity);
        value = Vector512.ConditionalSelect(Vector512.Equals(x, infinity), infinity, value);
        value = Vector512.ConditionalSelect(Vector512.GreaterThan(x, zero), value, Vector512.Create(double.NaN));
        return Vector512.ConditionalSelect(Vector512.Equals(x, zero), -infinity, value);
    }

    /// <param name="k">Power of two that x was divided by.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LogOfScaled(Vector512<double> x, Vector512<double> k)
    {
        Vector512<long> bits = x.AsInt64();
        Vector512<double> m = (
            (bits & Vector512.Create(0x000FFFFFFFFFFFFFL)) | Vector512.Create(0x3FF0000000000000L)
        ).AsDouble();
        k += Vector512.ConvertToDouble((bits >> 52) - Vector512.Create(1023L));
        Vector512<double> large = Vector512.GreaterThan(m, Vector512.Create(1.4142135623730951));
        m = Vector512.ConditionalSelect(large, m * Vector512.Create(0.5), m);
        k = Vector512.ConditionalSelect(large, k + Vector512<double>.One, k);
        Vector512<double> f = m - Vector512<double>.One;
        Vector512<double> s = f / (Vector512.Create(2.0) + f);
        Vector512<double> z = s * s;
        Vector512<double> r = Vector512.Create(2.0 / 23);
        r = Vector512.Create(2.0 / 21) + z * r;
        r = Vector512.Create(2.0 / 19) + z * r;
        r = Vector512.Create(2.0 / 17) + z * r;
        r = Vector512.Create(2.0 / 15) + z * r;
        r = Vector512.Create(2.0 / 13) + z * r;
        r = Vector512.Create(2.0 / 11) + z * r;
        r = Vector512.Create(2.0 / 9) + z * r;
        r = Vector512.Create(2.0 / 7) + z * r;
        r = Vector512.Create(2.0 / 5) + z * r;
        r = Vector512.Create(2.0 / 3) + z * r;
        r = z * r;
        Vector512<double> half = Vector512.Create(0.5) * f * f;
        return k * Vector512.Create(Ln2High) - ((half - (s * (half + r) + k * Vector512.Create(Ln2Low))) - f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PowerOfTwo(Vector512<long> exponent) =>
        ((exponent + Vector512.Create(1023L)) << 52).AsDouble();
}
