using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>
/// Several elements at once, each through the operations of the scalar form in their order, so that the bits are the
/// same on every machine.
/// </content>
public static partial class StableMath
{
    /// <summary>Within this the exponential is a normal number and one power of two scales it exactly.</summary>
    private const double PlainExponent = 700.0;

    /// <summary><see cref="Exp(double)"/> of eight numbers, bit by bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        if (!Vector512.LessThanAll(Vector512.Abs(x), Vector512.Create(PlainExponent)))
            return EachExp(x);
        Vector512<double> kd = Vector512.Floor(x * Vector512.Create(InverseLn2) + Vector512.Create(0.5));
        Vector512<double> high = x - kd * Vector512.Create(Ln2High);
        Vector512<double> low = kd * Vector512.Create(Ln2Low);
        Vector512<double> r = high - low;
        Vector512<double> correction = (high - r) - low;
        var p = Vector512.Create(1.0 / 6227020800);
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
        Vector512<double> value = Vector512<double>.One + (r + (r * r * p + correction));
        Vector512<long> exponent = Vector512.ConvertToInt64Native(kd) + Vector512.Create(1023L);
        return value * (exponent << 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<double> EachExp(Vector512<double> x)
    {
        Span<double> each = stackalloc double[Vector512<double>.Count];
        for (int i = 0; i < each.Length; i++)
            each[i] = Exp(x[i]);
        return Vector512.Create<double>(each);
    }
}
