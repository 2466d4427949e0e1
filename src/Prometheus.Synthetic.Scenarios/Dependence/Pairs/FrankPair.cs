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
        double log =
            share < 0.5 ? StableMath.Log1p(-share) : StableMath.Log(((1.0 - p) * e + p * _decay) / sum);
        return -log / theta;
    }

    internal override Vector512<double> H(Vector512<double> u, Vector512<double> v)
    {
        Vector512<double> x = -StableMath.Expm1(Vector512.Create(-theta) * u);
        Vector512<double> y = -StableMath.Expm1(Vector512.Create(-theta) * v);
        Vector512<double> decay = StableMath.Exp(Vector512.Create(-theta) * v);
        Vector512<double> rest =
            StableMath.Exp(Vector512.Create(-theta) * u) * y
            - decay * StableMath.Expm1(Vector512.Create(-theta) * (Vector512<double>.One - v));
        return x * decay / rest;
    }

    internal override Vector512<double> HInverse(Vector512<double> p, Vector512<double> v)
    {
        var one = Vector512<double>.One;
        Vector512<double> e = StableMath.Exp(Vector512.Create(-theta) * v);
        Vector512<double> sum = p + (one - p) * e;
        Vector512<double> share = p * Vector512.Create(_whole) / sum;
        Vector512<double> log = Vector512.ConditionalSelect(
            Vector512.LessThan(share, Vector512.Create(0.5)),
            StableMath.Log1p(-share),
            StableMath.Log(((one - p) * e + p * Vector512.Create(_decay)) / sum)
        );
        return -log / Vector512.Create(theta);
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
