using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>
/// Many quantiles at once. Every element goes through the same operations in the same order as in
/// <see cref="Quantile"/>, so the bits are the same; only several elements go at a time.
/// </content>
public static partial class StandardNormal
{
    private const int Chunk = 256;

    /// <summary>Beyond this the far-tail branch of AS 241 applies (√−ln p &gt; 5): 1 draw in 36,000 million.</summary>
    private const double FarTail = 1.4e-11;

    /// <summary>Replaces probabilities in (0, 1) by standard normal quantiles.</summary>
    public static void QuantilesInPlace(Span<double> values)
    {
        Span<double> tails = stackalloc double[Chunk];
        Span<int> places = stackalloc int[Chunk];
        while (values.Length > 0)
        {
            Span<double> chunk = values[..Math.Min(Chunk, values.Length)];
            int count = Centre(chunk, tails, places);
            Tail(chunk, tails, places, count);
            values = values[chunk.Length..];
        }
    }

    /// <summary>Does the elements with |p − ½| ≤ 0.425 and sets the others (15 %) aside.</summary>
    private static int Centre(Span<double> values, Span<double> tails, Span<int> places)
    {
        int count = 0;
        int i = 0;
        ref double first = ref MemoryMarshal.GetReference(values);
        for (; i + Vector512<double>.Count <= values.Length; i += Vector512<double>.Count)
        {
            Vector512<double> p = Vector512.LoadUnsafe(ref first, (nuint)i);
            Vector512<double> q = p - Vector512.Create(0.5);
            Vector512<double> r = Vector512.Create(0.180625) - q * q;
            Vector512<double> z = q * CentreNumerator(r) / CentreDenominator(r);
            ulong outside = Vector512
                .GreaterThan(Vector512.Abs(q), Vector512.Create(0.425))
                .ExtractMostSignificantBits();
            while (outside != 0)
            {
                int lane = System.Numerics.BitOperations.TrailingZeroCount(outside);
                outside &= outside - 1;
                places[count] = i + lane;
                tails[count++] = Unsafe.Add(ref first, i + lane);
            }

            z.StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < values.Length; i++)
            values[i] = Quantile(values[i]);
        return count;
    }

    /// <summary>Does the elements set aside and puts them in their places.</summary>
    private static void Tail(Span<double> values, Span<double> tails, Span<int> places, int count)
    {
        // Whole vectors only: what lies beyond the last element is computed and not used.
        tails[count..Math.Min(Chunk, (count + 7) & ~7)].Fill(0.01);
        ref double first = ref MemoryMarshal.GetReference(tails);
        for (int i = 0; i < count; i += Vector512<double>.Count)
        {
            Vector512<double> p = Vector512.LoadUnsafe(ref first, (nuint)i);
            Vector512<double> negative = Vector512.LessThan(p, Vector512.Create(0.5));
            Vector512<double> tail = Vector512.ConditionalSelect(negative, p, Vector512.Create(1.0) - p);
            Vector512<double> s = Vector512.Sqrt(-StableMath.LogOfNormal(tail)) - Vector512.Create(1.6);
            Vector512<double> z = TailNumerator(s) / TailDenominator(s);
            z = Vector512.ConditionalSelect(negative, -z, z);
            if (Vector512.LessThanAny(tail, Vector512.Create(FarTail)))
            {
                for (int lane = 0; lane < Vector512<double>.Count; lane++)
                    Unsafe.Add(ref first, i + lane) = Quantile(p[lane]);
                continue;
            }

            z.StoreUnsafe(ref first, (nuint)i);
        }

        for (int i = 0; i < count; i++)
            values[places[i]] = tails[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Step(Vector512<double> sum, Vector512<double> x, double coefficient) =>
        sum * x + Vector512.Create(coefficient);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> CentreNumerator(Vector512<double> r)
    {
        Vector512<double> sum = Step(Vector512.Create(2.5090809287301226727e3), r, 3.3430575583588128105e4);
        sum = Step(sum, r, 6.7265770927008700853e4);
        sum = Step(sum, r, 4.5921953931549871457e4);
        sum = Step(sum, r, 1.3731693765509461125e4);
        sum = Step(sum, r, 1.9715909503065514427e3);
        sum = Step(sum, r, 1.3314166789178437745e2);
        return Step(sum, r, 3.3871328727963666080e0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> CentreDenominator(Vector512<double> r)
    {
        Vector512<double> sum = Step(Vector512.Create(5.2264952788528545610e3), r, 2.8729085735721942674e4);
        sum = Step(sum, r, 3.9307895800092710610e4);
        sum = Step(sum, r, 2.1213794301586595867e4);
        sum = Step(sum, r, 5.3941960214247511077e3);
        sum = Step(sum, r, 6.8718700749205790830e2);
        sum = Step(sum, r, 4.2313330701600911252e1);
        return Step(sum, r, 1.0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> TailNumerator(Vector512<double> s)
    {
        Vector512<double> sum = Step(Vector512.Create(7.74545014278341407640e-4), s, 2.27238449892691845833e-2);
        sum = Step(sum, s, 2.41780725177450611770e-1);
        sum = Step(sum, s, 1.27045825245236838258e0);
        sum = Step(sum, s, 3.64784832476320460504e0);
        sum = Step(sum, s, 5.76949722146069140550e0);
        sum = Step(sum, s, 4.63033784615654529590e0);
        return Step(sum, s, 1.42343711074968357734e0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> TailDenominator(Vector512<double> s)
    {
        Vector512<double> sum = Step(Vector512.Create(1.05075007164441684324e-9), s, 5.47593808499534494600e-4);
        sum = Step(sum, s, 1.51986665636164571966e-2);
        sum = Step(sum, s, 1.48103976427480074590e-1);
        sum = Step(sum, s, 6.89767334985100004550e-1);
        sum = Step(sum, s, 1.67638483018380384940e0);
        sum = Step(sum, s, 2.05319162663775882187e0);
        return Step(sum, s, 1.0);
    }
}
