namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>The chi-square distribution on the hashed path: no platform library function is called.</summary>
public static class ChiSquare
{
    private const int MaxSteps = 200;

    /// <summary>Probability density at x &gt; 0.</summary>
    public static double Density(double x, double degreesOfFreedom) =>
        GammaFunctions.Kernel(0.5 * degreesOfFreedom, 0.5 * x) / x;

    /// <summary>P(W ≤ x).</summary>
    public static double Cdf(double x, double degreesOfFreedom) =>
        GammaFunctions.RegularizedP(0.5 * degreesOfFreedom, 0.5 * x);

    /// <summary>
    /// The x whose probability equals that of a standard normal not above <paramref name="z"/>. The normal score keeps
    /// both tails: each is solved from its own small probability, so no digits are lost near 1.
    /// </summary>
    /// <param name="z">Normal score, |z| ≤ 37.</param>
    /// <param name="degreesOfFreedom">ν &gt; 0.</param>
    /// <remarks>Wilson–Hilferty start, then Newton on ln of the tail probability, kept in a bracket.</remarks>
    public static double QuantileOfScore(double z, double degreesOfFreedom)
    {
        double a = 0.5 * degreesOfFreedom;
        double tail = 0.5 * GammaFunctions.RegularizedQ(0.5, 0.5 * z * z);
        double target = StableMath.Log(tail);
        bool upper = z > 0.0;
        double x = Start(z, degreesOfFreedom, tail);
        double low = 0.0;
        double high = double.PositiveInfinity;
        for (int step = 0; step < MaxSteps; step++)
        {
            double probability = upper
                ? GammaFunctions.RegularizedQ(a, 0.5 * x)
                : GammaFunctions.RegularizedP(a, 0.5 * x);
            double error = StableMath.Log(probability) - target;
            // In the upper tail the probability falls with x, in the lower it grows.
            if (error > 0.0 == upper)
                low = x;
            else
                high = x;
            double slope = Density(x, degreesOfFreedom) / probability;
            double next = upper ? x + error / slope : x - error / slope;
            if (!(next > low && next < high))
                next = double.IsPositiveInfinity(high) ? 2.0 * x : 0.5 * (low + high);
            if (Math.Abs(next - x) <= 4e-16 * x || next == low || next == high)
                return next;
            x = next;
        }

        return x;
    }

    private static double Start(double z, double degreesOfFreedom, double tail)
    {
        double variance = 2.0 / (9.0 * degreesOfFreedom);
        double root = 1.0 - variance + z * Math.Sqrt(variance);
        if (root > 0.3)
            return degreesOfFreedom * root * root * root;
        // Near zero P(a, x/2) ≈ (x/2)ᵃ / Γ(a + 1).
        double a = 0.5 * degreesOfFreedom;
        return 2.0 * StableMath.Exp((StableMath.Log(tail) + GammaFunctions.LogGamma(a + 1.0)) / a);
    }
}
