namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>The gamma function's logarithm and its incomplete forms, from <see cref="StableMath"/> only.</summary>
public static class GammaFunctions
{
    private const int MaxTerms = 10_000;

    /// <summary>ln Γ(x) for x &gt; 0: Stirling's series at x ≥ 15, below that by Γ(x) = Γ(x + 1) / x.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0.0))
            return double.NaN;
        double product = 1.0;
        while (x < 15.0)
        {
            product *= x;
            x += 1.0;
        }

        double inverse = 1.0 / x;
        double square = inverse * inverse;
        double series =
            inverse
            * (
                1.0 / 12
                - square
                    * (
                        1.0 / 360
                        - square
                            * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188 - square * (691.0 / 360360))))
                    )
            );
        // ½ ln 2π
        return (x - 0.5) * StableMath.Log(x) - x + 0.91893853320467274178 + series - StableMath.Log(product);
    }

    /// <summary>Regularised lower incomplete gamma P(a, x) = γ(a, x) / Γ(a).</summary>
    public static double RegularizedP(double a, double x) =>
        x <= 0.0 ? 0.0
        : x < a + 1.0 ? Series(a, x)
        : 1.0 - Fraction(a, x);

    /// <summary>Regularised upper incomplete gamma Q(a, x) = 1 − P(a, x), accurate where it is small.</summary>
    public static double RegularizedQ(double a, double x) =>
        x <= 0.0 ? 1.0
        : x < a + 1.0 ? 1.0 - Series(a, x)
        : Fraction(a, x);

    /// <summary>xᵃ·e⁻ˣ / Γ(a).</summary>
    internal static double Kernel(double a, double x) => StableMath.Exp(a * StableMath.Log(x) - x - LogGamma(a));

    /// <summary>P by its power series, x &lt; a + 1 (DLMF 8.11.4).</summary>
    private static double Series(double a, double x)
    {
        double term = 1.0 / a;
        double sum = term;
        for (int k = 1; k < MaxTerms && term > sum * 1e-17; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return sum * Kernel(a, x);
    }

    /// <summary>Q by Legendre's continued fraction (DLMF 8.9.2), evaluated by Lentz's method.</summary>
    private static double Fraction(double a, double x)
    {
        const double tiny = 1e-300;
        double b = x + 1.0 - a;
        double c = 1.0 / tiny;
        double d = 1.0 / b;
        double value = d;
        for (int k = 1; k < MaxTerms; k++)
        {
            double an = -k * (k - a);
            b += 2.0;
            d = an * d + b;
            d = Math.Abs(d) < tiny ? tiny : d;
            c = b + an / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            d = 1.0 / d;
            double factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1.0) < 1e-16)
                break;
        }

        return value * Kernel(a, x);
    }
}
