using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// A copula of two variables. Arguments are in the open unit interval. h(u | v) = ∂C(u, v)/∂v is the distribution of U
/// given V = v; every family here is exchangeable before rotation, and a rotation is its own subtype.
/// </summary>
public abstract class PairCopula
{
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
        for (int r = 0; r < conditional.Length; r++)
        {
            double v = NormalTable.Cdf(given[r]);
            double p = NormalTable.Cdf(conditional[r]);
            double u = Inside(first ? HInverse(p, v) : HOtherInverse(p, v));
            score[r] = StandardNormal.Quantile(u);
            if (other.Length > 0)
                other[r] = StandardNormal.Quantile(Inside(first ? HOther(v, u) : H(v, u)));
        }
    }

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
    internal static double Inside(double u) => Math.Clamp(u, 1e-17, Uniforms.Largest);
}
