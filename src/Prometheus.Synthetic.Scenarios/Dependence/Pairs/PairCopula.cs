using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// A copula of two variables. Arguments are in the open unit interval. h(u | v) = ∂C(u, v)/∂v is the distribution of U
/// given V = v; every family here is exchangeable before rotation, and a rotation is its own subtype.
/// </summary>
public abstract class PairCopula
{
    /// <summary>Most elements at a time: a batch of a vine's rows.</summary>
    internal const int Chunk = 256;

    private const double Smallest = 1e-17;

    /// <summary>Name in specs and reports: gaussian, student_t, clayton, gumbel, frank, joe, independent.</summary>
    public abstract string Family { get; }

    /// <summary>The family's parameters in their usual order: ρ; ρ, ν; θ.</summary>
    public abstract IReadOnlyList<double> Parameters { get; }

    /// <summary>0, 90, 180 or 270 degrees, counter-clockwise.</summary>
    public virtual int Rotation => 0;

    /// <summary>Kendall's τ.</summary>
    public abstract double Tau { get; }

    /// <summary>λ_L = lim P(U ≤ q | V ≤ q), q → 0.</summary>
    public virtual double LowerTail => 0.0;

    /// <summary>λ_U = lim P(U &gt; q | V &gt; q), q → 1.</summary>
    public virtual double UpperTail => 0.0;

    /// <summary>ln of the density.</summary>
    public abstract double LogDensity(double u, double v);

    /// <summary>P(U ≤ u | V = v).</summary>
    public abstract double H(double u, double v);

    /// <summary>The u with h(u | v) = p.</summary>
    public abstract double HInverse(double p, double v);

    /// <summary>P(V ≤ v | U = u).</summary>
    public virtual double HOther(double v, double u) => H(v, u);

    /// <summary>The v with P(V ≤ v | U = u) = p.</summary>
    public virtual double HOtherInverse(double p, double u) => HInverse(p, u);

    /// <summary>
    /// One step of a vine's sampling in normal scores: U from its conditional score given V, and, where asked for, the
    /// conditional score of V given that U.
    /// </summary>
    /// <param name="conditional">Φ⁻¹ of P(U ≤ u | V = v).</param>
    /// <param name="given">Φ⁻¹(v).</param>
    /// <param name="score">Receives Φ⁻¹(u); may be the memory of <paramref name="conditional"/>.</param>
    /// <param name="other">Receives Φ⁻¹ of P(V ≤ v | U = u); empty when not wanted.</param>
    /// <param name="first">True when the sampled variable is the copula's first argument.</param>
    internal virtual void Step(
        ReadOnlySpan<double> conditional,
        ReadOnlySpan<double> given,
        Span<double> score,
        Span<double> other,
        bool first
    )
    {
        Span<double> ps = stackalloc double[Chunk];
        Span<double> vs = stackalloc double[Chunk];
        for (int start = 0; start < conditional.Length; start += Chunk)
        {
            int count = Math.Min(Chunk, conditional.Length - start);
            NormalTable.Cdf(conditional.Slice(start, count), ps);
            NormalTable.Cdf(given.Slice(start, count), vs);
            // Whole vectors: what lies beyond the last element is computed and not used.
            int whole = (count + Vector512<double>.Count - 1) & -Vector512<double>.Count;
            ps[count..whole].Fill(0.5);
            vs[count..whole].Fill(0.5);
            Span<double> u = ps[..whole];
            Span<double> v = vs[..whole];
            if (first)
                HInverse(u, v);
            else
                HOtherInverse(u, v);
            KeepInside(u);
            if (other.Length > 0)
            {
                // What is given becomes its own conditional probability given what was drawn.
                if (first)
                    HOther(v, u);
                else
                    H(v, u);
                KeepInside(v);
            }

            StandardNormal.QuantilesInPlace(ps[..count]);
            ps[..count].CopyTo(score[start..]);
            if (other.Length == 0)
                continue;
            StandardNormal.QuantilesInPlace(vs[..count]);
            vs[..count].CopyTo(other[start..]);
        }
    }

    /// <summary>
    /// u becomes <see cref="H(double, double)"/> of many; the bits are those of the scalar form. Lengths are a multiple of
    /// eight and at most <see cref="Chunk"/>.
    /// </summary>
    internal virtual void H(Span<double> u, ReadOnlySpan<double> v)
    {
        for (int i = 0; i < u.Length; i++)
            u[i] = H(u[i], v[i]);
    }

    /// <summary>p becomes <see cref="HInverse(double, double)"/> of many.</summary>
    internal virtual void HInverse(Span<double> p, ReadOnlySpan<double> v)
    {
        for (int i = 0; i < p.Length; i++)
            p[i] = HInverse(p[i], v[i]);
    }

    /// <summary>v becomes <see cref="HOther(double, double)"/> of many.</summary>
    internal virtual void HOther(Span<double> v, ReadOnlySpan<double> u) => H(v, u);

    /// <summary>p becomes <see cref="HOtherInverse(double, double)"/> of many.</summary>
    internal virtual void HOtherInverse(Span<double> p, ReadOnlySpan<double> u) => HInverse(p, u);

    public JsonObject Describe()
    {
        var report = new JsonObject
        {
            ["family"] = Family,
            ["rotation"] = Rotation,
            ["parameters"] = new JsonArray([.. Parameters.Select(p => (JsonNode)p)]),
            ["tau"] = Tau,
            ["lower_tail"] = LowerTail,
            ["upper_tail"] = UpperTail,
        };
        return report;
    }

    /// <summary>Keeps rounding at the ends from leaving the open interval.</summary>
    internal static double Inside(double u) => Math.Clamp(u, Smallest, Uniforms.Largest);

    /// <summary>Whether all bits of the eight elements from <paramref name="start"/> are set: none of them is at work.</summary>
    private protected static bool AllBits(ReadOnlySpan<double> mask, int start) =>
        Vector512.EqualsAll(Vector512.Create(mask[start..]).AsInt64(), Vector512<long>.AllBitsSet);

    private static void KeepInside(Span<double> values)
    {
        for (int i = 0; i < values.Length; i += Vector512<double>.Count)
        {
            Vector512<double> kept = Vector512.Max(Vector512.Create(values[i..]), Vector512.Create(Smallest));
            Vector512.Min(kept, Vector512.Create(Uniforms.Largest)).CopyTo(values[i..]);
        }
    }
}
