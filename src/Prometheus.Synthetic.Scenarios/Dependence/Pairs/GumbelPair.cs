using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>Gumbel: C = exp(−A), A = (x^θ + y^θ)^(1/θ), x = −ln u, y = −ln v, θ ≥ 1; upper-tail dependent.</summary>
public sealed class GumbelPair(double theta) : PairCopula
{
    private const int MostSteps = 60;

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
    /// With A = y + δ, −ln h = δ + (θ − 1)·ln(1 + δ/y): increasing and concave in δ, so that Newton's method from the
    /// left climbs to the root without overshooting.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double y = -StableMath.Log(v);
        double target = -StableMath.Log(p);
        double delta = 0.0;
        for (int step = 0; step < MostSteps; step++)
        {
            double value = delta + (theta - 1.0) * StableMath.Log1p(delta / y);
            double next = delta + (target - value) / (1.0 + (theta - 1.0) / (y + delta));
            bool done = Math.Abs(next - delta) <= 1e-15 * next;
            delta = next;
            if (done)
                break;
        }

        // x = A·(1 − (y/A)^θ)^(1/θ)
        double share = -StableMath.Expm1(-theta * StableMath.Log1p(delta / y));
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
