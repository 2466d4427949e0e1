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

    internal override void H(Span<double> u, ReadOnlySpan<double> v)
    {
        Span<double> y = stackalloc double[Chunk];
        Span<double> high = stackalloc double[Chunk];
        y = y[..u.Length];
        high = high[..u.Length];
        StableMath.Log(u, u);
        StableMath.Log(v, y);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> x = -Vector512.Create<double>(u[i..]);
            Vector512<double> minus = -Vector512.Create<double>(y[i..]);
            Vector512<double> most = Vector512.Create(theta) * Vector512.Max(x, minus);
            Vector512<double> least = Vector512.Create(theta) * Vector512.Min(x, minus);
            most.CopyTo(high[i..]);
            (StableMath.Exp(least - most) - StableMath.Exp(-most)).CopyTo(u[i..]);
        }

        StableMath.Log1p(u, u);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> logSum = Vector512.Create<double>(high[i..]) + Vector512.Create<double>(u[i..]);
            Vector512<double> minus = -Vector512.Create<double>(y[i..]);
            (Vector512.Create(1.0 + theta) * minus - Vector512.Create(1.0 + 1.0 / theta) * logSum).CopyTo(u[i..]);
        }

        StableMath.Exp(u, u);
    }

    internal override void HInverse(Span<double> p, ReadOnlySpan<double> v)
    {
        Span<double> exponent = stackalloc double[Chunk];
        exponent = exponent[..p.Length];
        StableMath.Log(v, exponent);
        StableMath.Log(p, p);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> scaled = -Vector512.Create<double>(p[i..]) * Vector512.Create(theta);
            (scaled / Vector512.Create(1.0 + theta)).CopyTo(p[i..]);
        }

        StableMath.Expm1(p, p);
        StableMath.Log(p, p);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> scaled = Vector512.Create(theta) * -Vector512.Create<double>(exponent[i..]);
            (scaled + Vector512.Create<double>(p[i..])).CopyTo(exponent[i..]);
        }

        StableMath.Exp(exponent, p);
        StableMath.Log1p(p, p);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> far = Vector512.Create<double>(exponent[i..]);
            Vector512<double> log = Vector512.ConditionalSelect(
                Vector512.GreaterThan(far, Vector512.Create(LargestExponent)),
                far,
                Vector512.Create<double>(p[i..])
            );
            (-log / Vector512.Create(theta)).CopyTo(p[i..]);
        }

        StableMath.Exp(p, p);
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
