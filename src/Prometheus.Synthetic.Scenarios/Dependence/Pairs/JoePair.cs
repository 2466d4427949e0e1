using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// Joe: C = 1 − S^(1/θ), S = a + b − ab, a = (1 − u)^θ, b = (1 − v)^θ, θ ≥ 1; upper-tail dependent, more strongly than
/// Gumbel at the same τ.
/// </summary>
public sealed class JoePair(double theta) : PairCopula
{
    private const int MostSteps = 100;

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
    /// With a = 1 − e^−s, −ln h = s + (1 − 1/θ)·ln(1 + (1 − e^−s)(1 − b)/b): increasing and concave in s, so that
    /// Newton's method from the left climbs to the root without overshooting.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double logB = LogB(v);
        double c = -StableMath.Expm1(logB) * StableMath.Exp(-logB);
        double target = -StableMath.Log(p);
        double s = 0.0;
        for (int step = 0; step < MostSteps; step++)
        {
            double decay = StableMath.Exp(-s);
            double inner = -StableMath.Expm1(-s) * c;
            double value = s + (1.0 - 1.0 / theta) * StableMath.Log1p(inner);
            double slope = 1.0 + (1.0 - 1.0 / theta) * decay * c / (1.0 + inner);
            double next = s + (target - value) / slope;
            bool done = Math.Abs(next - s) <= 1e-15 * next;
            s = next;
            if (done)
                break;
        }

        double a = -StableMath.Expm1(-s);
        return -StableMath.Expm1(StableMath.Log(a) / theta);
    }

    /// <summary>θ·ln(1 − v), kept where its exponential neither vanishes nor its inverse overflows.</summary>
    private double LogB(double v) => Math.Max(theta * StableMath.Log1p(-v), -600.0);
}
