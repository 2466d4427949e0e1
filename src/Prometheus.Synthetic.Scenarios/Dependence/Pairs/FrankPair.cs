using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// Frank: C = −(1/θ)·ln(1 + (e^−θu − 1)(e^−θv − 1)/(e^−θ − 1)), θ &gt; 0 (negative dependence by rotation); no tail
/// dependence, strongest in the middle.
/// </summary>
public sealed class FrankPair(double theta) : PairCopula
{
    private readonly double _decay = StableMath.Exp(-theta);
    private readonly double _whole = -StableMath.Expm1(-theta);

    public override string Family => "frank";

    public override IReadOnlyList<double> Parameters => [theta];

    /// <summary>τ = 1 − (4/θ)(1 − D₁(θ)), D₁ Debye's function.</summary>
    public override double Tau => TauOf(theta);

    public static double TauOf(double theta) => theta < 1e-4 ? theta / 9.0 : 1.0 - 4.0 / theta * (1.0 - Debye(theta));

    public override double LogDensity(double u, double v)
    {
        double y = -StableMath.Expm1(-theta * v);
        return StableMath.Log(theta * _whole) - theta * (u + v) - 2.0 * StableMath.Log(Rest(u, v, y));
    }

    public override double H(double u, double v)
    {
        double x = -StableMath.Expm1(-theta * u);
        double y = -StableMath.Expm1(-theta * v);
        return x * StableMath.Exp(-theta * v) / Rest(u, v, y);
    }

    public override double HInverse(double p, double v)
    {
        double e = StableMath.Exp(-theta * v);
        double sum = p + (1.0 - p) * e;
        // 1 − e^−θu = p·(1 − e^−θ)/(p + (1 − p)·e^−θv), or e^−θu itself where that is the small one.
        double share = p * _whole / sum;
        double log = share < 0.5 ? StableMath.Log1p(-share) : StableMath.Log(((1.0 - p) * e + p * _decay) / sum);
        return -log / theta;
    }

    internal override void H(Span<double> u, ReadOnlySpan<double> v)
    {
        var minus = Vector512.Create(-theta);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> given = Vector512.Create(v[i..]);
            Vector512<double> x = -StableMath.Expm1(
                minus * Vector512.Create<double>(u[i..]),
                out Vector512<double> left
            );
            Vector512<double> y = -StableMath.Expm1(minus * given, out Vector512<double> decay);
            Vector512<double> rest = left * y - decay * StableMath.Expm1(minus * (Vector512<double>.One - given));
            (x * decay / rest).CopyTo(u[i..]);
        }
    }

    internal override void HInverse(Span<double> p, ReadOnlySpan<double> v)
    {
        var one = Vector512<double>.One;
        var half = Vector512.Create(0.5);
        Span<double> e = stackalloc double[Chunk];
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
            (Vector512.Create(-theta) * Vector512.Create(v[i..])).CopyTo(e[i..]);
        e = e[..p.Length];
        StableMath.Exp(e, e);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> at = Vector512.Create<double>(p[i..]);
            Vector512<double> decay = Vector512.Create<double>(e[i..]);
            Vector512<double> sum = at + (one - at) * decay;
            Vector512<double> share = at * Vector512.Create(_whole) / sum;
            Vector512<double> left = ((one - at) * decay + at * Vector512.Create(_decay)) / sum;
            Vector512<double> log = Vector512.ConditionalSelect(
                Vector512.LessThan(share, half),
                StableMath.Log1p(-share),
                StableMath.Log(left)
            );
            (-log / Vector512.Create(theta)).CopyTo(p[i..]);
        }
    }

    /// <summary>
    /// (1 − e^−θ) − (1 − e^−θu)(1 − e^−θv) = e^−θu(1 − e^−θv) + e^−θv(1 − e^−θ(1−v)): a sum of positive terms, where the
    /// difference would cancel for large θ.
    /// </summary>
    private double Rest(double u, double v, double y) =>
        StableMath.Exp(-theta * u) * y - StableMath.Exp(-theta * v) * StableMath.Expm1(-theta * (1.0 - v));

    /// <summary>D₁(θ) = (1/θ)·∫₀^θ t/(eᵗ − 1) dt, by Bernoulli's series below 1 and the tail's series above.</summary>
    private static double Debye(double theta)
    {
        double s = theta * theta;
        if (theta < 1.0)
            return 1.0
                - 0.25 * theta
                + s * (1.0 / 36 - s * (1.0 / 3600 - s * (1.0 / 211680 - s * (1.0 / 10886400 - s / 526901760.0))));
        double tail = 0.0;
        for (int k = 1; k < 60; k++)
        {
            double term = StableMath.Exp(-k * theta) * (theta / k + 1.0 / (k * (double)k));
            tail += term;
            if (term < 1e-17)
                break;
        }

        return (1.6449340668482264 - tail) / theta;
    }
}
