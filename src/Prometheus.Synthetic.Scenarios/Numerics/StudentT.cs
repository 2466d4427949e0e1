namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>The standard Student-t distribution (location 0, scale 1, not unit variance) on the hashed path.</summary>
public sealed class StudentT
{
    private const int MaxSteps = 200;
    private readonly double _front;

    /// <param name="degreesOfFreedom">ν &gt; 0.</param>
    public StudentT(double degreesOfFreedom)
    {
        DegreesOfFreedom = degreesOfFreedom;
        LogConstant =
            GammaFunctions.LogGamma(0.5 * (degreesOfFreedom + 1.0))
            - GammaFunctions.LogGamma(0.5 * degreesOfFreedom)
            - 0.5 * (StableMath.Log(degreesOfFreedom) + 1.1447298858494001741); // ln π
        // ln of Γ(a + ½) / (Γ(a)·Γ(½)), the incomplete beta's constant for a = ν/2.
        _front = LogConstant + 0.5 * StableMath.Log(degreesOfFreedom);
    }

    public double DegreesOfFreedom { get; }

    /// <summary>ln of the density at 0.</summary>
    public double LogConstant { get; }

    public double LogDensity(double t) =>
        LogConstant - 0.5 * (DegreesOfFreedom + 1.0) * StableMath.Log1p(t * t / DegreesOfFreedom);

    public double Density(double t) => StableMath.Exp(LogDensity(t));

    /// <summary>P(T ≤ t); full relative accuracy where it is small.</summary>
    public double Cdf(double t) => t <= 0.0 ? Tail(-t) : 1.0 - Tail(t);

    /// <summary>P(T &gt; t) for t ≥ 0: ½·I(ν/2, ½) at ν/(ν + t²).</summary>
    public double Tail(double t)
    {
        double a = 0.5 * DegreesOfFreedom;
        double square = t * t;
        if (square == 0.0)
            return 0.5;
        if (double.IsInfinity(square))
            return 0.0;
        double x = DegreesOfFreedom / (DegreesOfFreedom + square);
        double complement = square / (DegreesOfFreedom + square);
        double front = StableMath.Exp(_front + a * StableMath.Log(x) + 0.5 * StableMath.Log(complement));
        return x < (a + 1.0) / (a + 2.5)
            ? 0.5 * front * BetaFunctions.Fraction(a, 0.5, x) / a
            : 0.5 - front * BetaFunctions.Fraction(0.5, a, complement);
    }

    /// <summary>The t with P(T ≤ t) = p, p in (0, 1).</summary>
    public double Quantile(double p) => p <= 0.5 ? -UpperQuantile(p, double.NaN) : UpperQuantile(1.0 - p, double.NaN);

    /// <summary>The t whose probability is that of a standard normal not above z: no digits are lost in either tail.</summary>
    public double QuantileOfScore(double z)
    {
        double t = UpperQuantile(StandardNormal.Tail(Math.Abs(z)), double.NaN);
        return z < 0.0 ? -t : t;
    }

    /// <summary>The t ≥ 0 with P(T &gt; t) = <paramref name="tail"/> ≤ ½.</summary>
    /// <param name="start">Where to start Newton's method on ln of the tail; NaN for a start of its own.</param>
    internal double UpperQuantile(double tail, double start)
    {
        if (tail >= 0.5)
            return 0.0;
        double target = StableMath.Log(tail);
        double t = double.IsNaN(start) ? Start(tail) : start;
        double low = 0.0;
        double high = double.PositiveInfinity;
        for (int step = 0; step < MaxSteps; step++)
        {
            double probability = Tail(t);
            double error = StableMath.Log(probability) - target;
            if (error > 0.0)
                low = t;
            else
                high = t;
            // Newton in ln t once t is large, where the tail is a power: there it is nearly exact.
            double slope = Density(t) / probability;
            double next = t > 1.0 ? t * StableMath.Exp(error / (slope * t)) : t + error / slope;
            if (!(next > low && next < high))
                next = double.IsPositiveInfinity(high) ? 2.0 * t + 1.0 : 0.5 * (low + high);
            if (Math.Abs(next - t) <= 4e-16 * t || next == low || next == high)
                return next;
            t = next;
        }

        return t;
    }

    private double Start(double tail)
    {
        double z = -StandardNormal.Quantile(tail);
        double nu = DegreesOfFreedom;
        // Hill (1970): √(ν·(e^{z²/ν} − 1)) is close for all but small ν.
        double power = Math.Min(z * z / nu * (nu - 0.5 + 0.1 * nu) / nu, 600.0);
        return Math.Sqrt(nu * StableMath.Expm1(power));
    }
}
