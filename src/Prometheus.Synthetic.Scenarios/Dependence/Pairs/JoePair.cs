using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// Joe: C = 1 − S^(1/θ), S = a + b − ab, a = (1 − u)^θ, b = (1 − v)^θ, θ ≥ 1; upper-tail dependent, more strongly than
/// Gumbel at the same τ.
/// </summary>
public sealed class JoePair(double theta) : PairCopula
{
    private const int MostSteps = 100;
    private const double LastStep = 1e-6;

    // The exponential of more would overflow; what it bounds is then bounded by the other term.
    private const double MostExponent = 700.0;

    private double Part => 1.0 - 1.0 / theta;

    public override string Family => "joe";

    public override IReadOnlyList<double> Parameters => [theta];

    /// <summary>τ = 1 + 2/(2 − θ)·(ψ(2) − ψ(2/θ + 1)), its limit 1 − ψ′(2) at θ = 2.</summary>
    public override double Tau => TauOf(theta);

    public override double UpperTail => 2.0 - StableMath.Exp(StableMath.Log(2.0) / theta);

    public static double TauOf(double theta) =>
        Math.Abs(theta - 2.0) < 1e-6
            ? 1.0 - 0.64493406684822644
            : 1.0 + 2.0 / (2.0 - theta) * (0.42278433509846714 - Digamma.Of(2.0 / theta + 1.0));

    public override double LogDensity(double u, double v)
    {
        double logU = StableMath.Log1p(-u);
        double logV = StableMath.Log1p(-v);
        double high = theta * Math.Max(logU, logV);
        double low = theta * Math.Min(logU, logV);
        // ln S with the larger power taken out, so that nothing underflows for large θ.
        double logS = high + StableMath.Log1p(StableMath.Exp(low - high) - StableMath.Exp(low));
        return (theta - 1.0) * (logU + logV)
            + (1.0 / theta - 2.0) * logS
            + StableMath.Log(theta - 1.0 + StableMath.Exp(logS));
    }

    public override double H(double u, double v)
    {
        double logA = theta * StableMath.Log1p(-u);
        double logB = LogB(v);
        // S/b = 1 + a(1 − b)/b; h = (S/b)^(1/θ − 1)·(1 − a)
        double inner = StableMath.Exp(logA - logB) * -StableMath.Expm1(logB);
        return StableMath.Exp((1.0 / theta - 1.0) * StableMath.Log1p(inner)) * -StableMath.Expm1(logA);
    }

    /// <remarks>
    /// With a = 1 − e^−s, −ln h = s + (1 − 1/θ)·ln(1 + (1 − e^−s)(1 − b)/b): increasing and concave in s. Its root lies
    /// between what the tangent at 0 and what each of the two terms alone would give; Halley's steps from the upper end,
    /// never longer than twice Newton's, reach it in two to seven. A step of a millionth leaves an error of its cube.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double logB = LogB(v);
        double c = -StableMath.Expm1(logB) * StableMath.Exp(-logB);
        double target = -StableMath.Log(p);
        double low = target / (1.0 + Part * c);
        double alone = StableMath.Expm1(Math.Min(target / Part, MostExponent)) / c;
        double high = alone < 1.0 ? Math.Min(target, -StableMath.Log1p(-alone)) : target;
        double s = high;
        for (int step = 0; step < MostSteps; step++)
        {
            double grown = -StableMath.Expm1(-s) * c;
            double inner = 1.0 + grown;
            double bent = Part * StableMath.Exp(-s) * c / inner;
            double slope = 1.0 + bent;
            double newton = (s + Part * StableMath.Log1p(grown) - target) / slope;
            double damping = Math.Max(0.5, 1.0 + 0.5 * newton * (bent / slope) * ((1.0 + c) / inner));
            double next = Math.Min(Math.Max(s - newton / damping, low), high);
            bool done = Math.Abs(next - s) <= LastStep * next;
            s = next;
            if (done)
                break;
        }

        double a = -StableMath.Expm1(-s);
        return -StableMath.Expm1(StableMath.Log(a) / theta);
    }

    internal override Vector512<double> H(Vector512<double> u, Vector512<double> v)
    {
        Vector512<double> logA = Vector512.Create(theta) * StableMath.Log1p(-u);
        Vector512<double> logB = LogB(v);
        Vector512<double> inner = StableMath.Exp(logA - logB) * -StableMath.Expm1(logB);
        return StableMath.Exp(Vector512.Create(1.0 / theta - 1.0) * StableMath.Log1p(inner)) * -StableMath.Expm1(logA);
    }

    /// <remarks>A lane that has arrived stays where it is while the others go on.</remarks>
    internal override Vector512<double> HInverse(Vector512<double> p, Vector512<double> v)
    {
        var one = Vector512<double>.One;
        var half = Vector512.Create(0.5);
        var part = Vector512.Create(Part);
        Vector512<double> logB = LogB(v);
        Vector512<double> c = -StableMath.Expm1(logB) * StableMath.Exp(-logB);
        Vector512<double> target = -StableMath.Log(p);
        Vector512<double> low = target / (one + part * c);
        Vector512<double> exponent = Vector512.Min(target / part, Vector512.Create(MostExponent));
        Vector512<double> alone = StableMath.Expm1(exponent) / c;
        Vector512<double> high = Vector512.ConditionalSelect(
            Vector512.LessThan(alone, one),
            Vector512.Min(target, -StableMath.Log1p(-alone)),
            target
        );
        Vector512<double> s = high;
        Vector512<double> done = Vector512<double>.Zero;
        for (int step = 0; step < MostSteps; step++)
        {
            Vector512<double> grown = -StableMath.Expm1(-s, out Vector512<double> decay) * c;
            Vector512<double> inner = one + grown;
            Vector512<double> bent = part * decay * c / inner;
            Vector512<double> slope = one + bent;
            Vector512<double> newton = (s + part * StableMath.Log1p(grown) - target) / slope;
            Vector512<double> damping = Vector512.Max(half, one + half * newton * (bent / slope) * ((one + c) / inner));
            Vector512<double> next = Vector512.Min(Vector512.Max(s - newton / damping, low), high);
            Vector512<double> arrived = Vector512.LessThanOrEqual(
                Vector512.Abs(next - s),
                Vector512.Create(LastStep) * next
            );
            s = Vector512.ConditionalSelect(done, s, next);
            done |= arrived;
            if (Vector512.EqualsAll(done.AsInt64(), Vector512<long>.AllBitsSet))
                break;
        }

        Vector512<double> a = -StableMath.Expm1(-s);
        return -StableMath.Expm1(StableMath.Log(a) / Vector512.Create(theta));
    }

    private Vector512<double> LogB(Vector512<double> v) =>
        Vector512.Max(Vector512.Create(theta) * StableMath.Log1p(-v), Vector512.Create(-600.0));

    /// <summary>θ·ln(1 − v), kept where its exponential neither vanishes nor its inverse overflows.</summary>
    private double LogB(double v) => Math.Max(theta * StableMath.Log1p(-v), -600.0);
}
