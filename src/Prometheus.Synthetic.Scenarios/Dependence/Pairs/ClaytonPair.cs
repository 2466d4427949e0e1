using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>Clayton: C = (u^−θ + v^−θ − 1)^(−1/θ), θ &gt; 0; lower-tail dependent.</summary>
public sealed class ClaytonPair(double theta) : PairCopula
{
    /// <summary>Beyond it ln(1 + eˣ) is x.</summary>
    private const double LargestExponent = 600.0;

    public override string Family => "clayton";

    public override IReadOnlyList<double> Parameters => [theta];

    public override double Tau => theta / (theta + 2.0);

    public override double LowerTail => StableMath.Exp(-StableMath.Log(2.0) / theta);

    public static double ThetaOfTau(double tau) => 2.0 * tau / (1.0 - tau);

    public override double LogDensity(double u, double v)
    {
        (double x, double y) = (-StableMath.Log(u), -StableMath.Log(v));
        return StableMath.Log1p(theta) + (1.0 + theta) * (x + y) - (2.0 + 1.0 / theta) * LogSum(x, y);
    }

    public override double H(double u, double v)
    {
        (double x, double y) = (-StableMath.Log(u), -StableMath.Log(v));
        return StableMath.Exp((1.0 + theta) * y - (1.0 + 1.0 / theta) * LogSum(x, y));
    }

    public override double HInverse(double p, double v)
    {
        double y = -StableMath.Log(v);
        // u^−θ = 1 + v^−θ·(p^(−θ/(1+θ)) − 1)
        double growth = StableMath.Expm1(-StableMath.Log(p) * theta / (1.0 + theta));
        double exponent = theta * y + StableMath.Log(growth);
        double log = exponent > LargestExponent ? exponent : StableMath.Log1p(StableMath.Exp(exponent));
        return StableMath.Exp(-log / theta);
    }

    internal override Vector512<double> H(Vector512<double> u, Vector512<double> v)
    {
        Vector512<double> x = -StableMath.Log(u);
        Vector512<double> y = -StableMath.Log(v);
        Vector512<double> high = Vector512.Create(theta) * Vector512.Max(x, y);
        Vector512<double> low = Vector512.Create(theta) * Vector512.Min(x, y);
        Vector512<double> logSum = high + StableMath.Log1p(StableMath.Exp(low - high) - StableMath.Exp(-high));
        return StableMath.Exp(Vector512.Create(1.0 + theta) * y - Vector512.Create(1.0 + 1.0 / theta) * logSum);
    }

    internal override Vector512<double> HInverse(Vector512<double> p, Vector512<double> v)
    {
        Vector512<double> y = -StableMath.Log(v);
        Vector512<double> growth = StableMath.Expm1(
            -StableMath.Log(p) * Vector512.Create(theta) / Vector512.Create(1.0 + theta)
        );
        Vector512<double> exponent = Vector512.Create(theta) * y + StableMath.Log(growth);
        Vector512<double> log = Vector512.ConditionalSelect(
            Vector512.GreaterThan(exponent, Vector512.Create(LargestExponent)),
            exponent,
            StableMath.Log1p(StableMath.Exp(exponent))
        );
        return StableMath.Exp(-log / Vector512.Create(theta));
    }

    /// <summary>ln(u^−θ + v^−θ − 1), with the larger power taken out so that nothing overflows.</summary>
    private double LogSum(double x, double y)
    {
        double high = theta * Math.Max(x, y);
        double low = theta * Math.Min(x, y);
        // e^high·(1 + e^(low − high) − e^−high)
        return high + StableMath.Log1p(StableMath.Exp(low - high) - StableMath.Exp(-high));
    }
}
