using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>Gumbel: C = exp(−A), A = (x^θ + y^θ)^(1/θ), x = −ln u, y = −ln v, θ ≥ 1; upper-tail dependent.</summary>
public sealed class GumbelPair(double theta) : PairCopula
{
    private const int MostSteps = 60;
    private const double LastStep = 1e-6;

    // The exponential of more would overflow; what it bounds is then bounded by the other term.
    private const double MostExponent = 700.0;

    private double Excess => theta - 1.0;

    public override string Family => "gumbel";

    public override IReadOnlyList<double> Parameters => [theta];

    public override double Tau => 1.0 - 1.0 / theta;

    public override double UpperTail => 2.0 - StableMath.Exp(StableMath.Log(2.0) / theta);

    public static double ThetaOfTau(double tau) => 1.0 / (1.0 - tau);

    public override double LogDensity(double u, double v)
    {
        (double x, double y) = (-StableMath.Log(u), -StableMath.Log(v));
        double logX = StableMath.Log(x);
        double logY = StableMath.Log(y);
        double logA = LogNorm(logX, logY);
        double a = StableMath.Exp(logA);
        return -a
            + x
            + y
            + (theta - 1.0) * (logX + logY)
            + (1.0 - 2.0 * theta) * logA
            + StableMath.Log(a + theta - 1.0);
    }

    public override double H(double u, double v)
    {
        double y = -StableMath.Log(v);
        double logY = StableMath.Log(y);
        double logA = LogNorm(StableMath.Log(-StableMath.Log(u)), logY);
        return StableMath.Exp(y - StableMath.Exp(logA) + (theta - 1.0) * (logY - logA));
    }

    /// <remarks>
    /// With A = y + δ, −ln h = δ + (θ − 1)·ln(1 + δ/y): increasing and concave in δ. Its root lies between what the
    /// tangent at 0 and what each of the two terms alone would give; Halley's steps from the upper end, never longer than
    /// twice Newton's, reach it in two to four. A step of a millionth leaves an error of its cube.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double y = -StableMath.Log(v);
        double target = -StableMath.Log(p);
        double low = target / (1.0 + Excess / y);
        double high = Math.Min(target, y * StableMath.Expm1(Math.Min(target / Excess, MostExponent)));
        double delta = high;
        for (int step = 0; step < MostSteps; step++)
        {
            double bent = Excess / (y + delta);
            double slope = 1.0 + bent;
            double newton = (delta + Excess * StableMath.Log1p(delta / y) - target) / slope;
            double damping = Math.Max(0.5, 1.0 + 0.5 * newton * (bent / slope) / (y + delta));
            double next = Math.Min(Math.Max(delta - newton / damping, low), high);
            bool done = Math.Abs(next - delta) <= LastStep * next;
            delta = next;
            if (done)
                break;
        }

        // x = A·(1 − (y/A)^θ)^(1/θ)
        double share = -StableMath.Expm1(-theta * StableMath.Log1p(delta / y));
        return StableMath.Exp(-(y + delta) * StableMath.Pow(share, 1.0 / theta));
    }

    internal override Vector512<double> H(Vector512<double> u, Vector512<double> v)
    {
        Vector512<double> y = -StableMath.Log(v);
        Vector512<double> logY = StableMath.Log(y);
        Vector512<double> logX = StableMath.Log(-StableMath.Log(u));
        Vector512<double> high = Vector512.Max(logX, logY);
        Vector512<double> low = Vector512.Min(logX, logY);
        Vector512<double> logA =
            high + StableMath.Log1p(StableMath.Exp(Vector512.Create(theta) * (low - high))) / Vector512.Create(theta);
        return StableMath.Exp(y - StableMath.Exp(logA) + Vector512.Create(theta - 1.0) * (logY - logA));
    }

    /// <remarks>A lane that has arrived stays where it is while the others go on.</remarks>
    internal override Vector512<double> HInverse(Vector512<double> p, Vector512<double> v)
    {
        var one = Vector512<double>.One;
        var half = Vector512.Create(0.5);
        var excess = Vector512.Create(Excess);
        Vector512<double> y = -StableMath.Log(v);
        Vector512<double> target = -StableMath.Log(p);
        Vector512<double> low = target / (one + excess / y);
        Vector512<double> exponent = Vector512.Min(target / excess, Vector512.Create(MostExponent));
        Vector512<double> high = Vector512.Min(target, y * StableMath.Expm1(exponent));
        Vector512<double> delta = high;
        Vector512<double> done = Vector512<double>.Zero;
        for (int step = 0; step < MostSteps; step++)
        {
            Vector512<double> bent = excess / (y + delta);
            Vector512<double> slope = one + bent;
            Vector512<double> newton = (delta + excess * StableMath.Log1p(delta / y) - target) / slope;
            Vector512<double> damping = Vector512.Max(half, one + half * newton * (bent / slope) / (y + delta));
            Vector512<double> next = Vector512.Min(Vector512.Max(delta - newton / damping, low), high);
            Vector512<double> arrived = Vector512.LessThanOrEqual(
                Vector512.Abs(next - delta),
                Vector512.Create(LastStep) * next
            );
            delta = Vector512.ConditionalSelect(done, delta, next);
            done |= arrived;
            if (Vector512.EqualsAll(done.AsInt64(), Vector512<long>.AllBitsSet))
                break;
        }

        Vector512<double> share = -StableMath.Expm1(Vector512.Create(-theta) * StableMath.Log1p(delta / y));
        return StableMath.Exp(-(y + delta) * StableMath.Pow(share, 1.0 / theta));
    }

    /// <summary>ln A.</summary>
    private double LogNorm(double logX, double logY)
    {
        double high = Math.Max(logX, logY);
        double low = Math.Min(logX, logY);
        return high + StableMath.Log1p(StableMath.Exp(theta * (low - high))) / theta;
    }
}
