namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>The incomplete beta function, from <see cref="StableMath"/> only.</summary>
public static class BetaFunctions
{
    private const int MaxTerms = 5_000;

    /// <summary>Regularised incomplete beta Iₓ(a, b), a, b &gt; 0.</summary>
    /// <param name="x">In [0, 1].</param>
    /// <param name="complement">1 − x, given apart so that a caller who knows it better loses no digits.</param>
    /// <remarks>Continued fraction DLMF 8.17.22 by Lentz's method, on the side where it converges fast.</remarks>
    public static double RegularizedI(double a, double b, double x, double complement)
    {
        if (x <= 0.0)
            return 0.0;
        if (complement <= 0.0)
            return 1.0;
        double front = StableMath.Exp(
            GammaFunctions.LogGamma(a + b)
                - GammaFunctions.LogGamma(a)
                - GammaFunctions.LogGamma(b)
                + a * StableMath.Log(x)
                + b * StableMath.Log(complement)
        );
        return x < (a + 1.0) / (a + b + 2.0)
            ? front * Fraction(a, b, x) / a
            : 1.0 - front * Fraction(b, a, complement) / b;
    }

    internal static double Fraction(double a, double b, double x)
    {
        const double tiny = 1e-300;
        double c = 1.0;
        double d = 1.0 - (a + b) * x / (a + 1.0);
        d = 1.0 / (Math.Abs(d) < tiny ? tiny : d);
        double value = d;
        for (int m = 1; m < MaxTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m));
            d = 1.0 + even * d;
            d = 1.0 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1.0 + even / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0));
            d = 1.0 + odd * d;
            d = 1.0 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1.0 + odd / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            double factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1.0) < 2e-16)
                break;
        }

        return value;
    }
}
