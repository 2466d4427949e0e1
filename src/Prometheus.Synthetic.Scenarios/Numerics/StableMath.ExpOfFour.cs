using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>The exponential of 32 numbers, through the operations of the scalar form in their order: the same bits.</content>
public static partial class StableMath
{
    /// <summary>Within this the exponential is a normal number and one power of two scales it exactly.</summary>
    private const double PlainExponent = 700.0;

    /// <summary>
    /// <see cref="Exp(double)"/> of 32 numbers in place, bit by bit: four vectors in step, because each operation waits
    /// for the one before it and a processor that has four to choose from waits less.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ExpOfFour(
        ref Vector512<double> a,
        ref Vector512<double> b,
        ref Vector512<double> c,
        ref Vector512<double> d
    )
    {
        Vector512<double> widest = Vector512.Max(
            Vector512.Max(Vector512.Abs(a), Vector512.Abs(b)),
            Vector512.Max(Vector512.Abs(c), Vector512.Abs(d))
        );
        if (!Vector512.LessThanAll(widest, Vector512.Create(PlainExponent)))
        {
            (a, b, c, d) = (EachExp(a), EachExp(b), EachExp(c), EachExp(d));
            return;
        }

        Reduce(a, out Vector512<double> ka, out Vector512<double> ra, out Vector512<double> ea);
        Reduce(b, out Vector512<double> kb, out Vector512<double> rb, out Vector512<double> eb);
        Reduce(c, out Vector512<double> kc, out Vector512<double> rc, out Vector512<double> ec);
        Reduce(d, out Vector512<double> kd, out Vector512<double> rd, out Vector512<double> ed);
        Vector512<double> pa = Vector512.Create(1.0 / 6227020800),
            pb = pa,
            pc = pa,
            pd = pa;
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 479001600);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 39916800);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 3628800);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 362880);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 40320);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 5040);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 720);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 120);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 24);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 1.0 / 6);
        Horner(ref pa, ra, ref pb, rb, ref pc, rc, ref pd, rd, 0.5);
        a = Scale(ka, ra, pa, ea);
        b = Scale(kb, rb, pb, eb);
        c = Scale(kc, rc, pc, ec);
        d = Scale(kd, rd, pd, ed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reduce(
        Vector512<double> x,
        out Vector512<double> k,
        out Vector512<double> r,
        out Vector512<double> correction
    )
    {
        k = Vector512.Floor(x * Vector512.Create(InverseLn2) + Vector512.Create(0.5));
        Vector512<double> high = x - k * Vector512.Create(Ln2High);
        Vector512<double> low = k * Vector512.Create(Ln2Low);
        r = high - low;
        correction = (high - r) - low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Horner(
        ref Vector512<double> pa,
        Vector512<double> ra,
        ref Vector512<double> pb,
        Vector512<double> rb,
        ref Vector512<double> pc,
        Vector512<double> rc,
        ref Vector512<double> pd,
        Vector512<double> rd,
        double coefficient
    )
    {
        var add = Vector512.Create(coefficient);
        pa = pa * ra + add;
        pb = pb * rb + add;
        pc = pc * rc + add;
        pd = pd * rd + add;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Scale(
        Vector512<double> k,
        Vector512<double> r,
        Vector512<double> p,
        Vector512<double> correction
    )
    {
        Vector512<double> value = Vector512<double>.One + (r + (r * r * p + correction));
        Vector512<long> exponent = Vector512.ConvertToInt64Native(k) + Vector512.Create(1023L);
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
