namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>Log-gamma and the regularised incomplete gamma function on the hashed path.</summary>
public static class GammaFunctions
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln Γ(x) for x &gt; 0: Stirling's series after shifting the argument above 10; relative error near 1e-15.</summary>
    public static double LogGamma(double x)
    {
        double shift = 1.0;
        while (x < 10.0)
        {
            shift *= x;
            x += 1.0;
        }

        double z = 1.0 / (x * x);
        double series =
            (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * 691.0 / 360360))))) / x;
        return (x - 0.5) * StableMath.Log(x) - x + HalfLogTwoPi + series - StableMath.Log(shift);
    }

    /// <summary>Q(a, x) = Γ(a, x)/Γ(a): upper tail. Series below a + 1, Lentz's continued fraction above.</summary>
    public static double UpperRegularized(double a, double x)
    {
        if (x <= 0.0)
            return 1.0;
        double front = StableMath.Exp(a * StableMath.Log(x) - x - LogGamma(a));
        if (x < a + 1.0)
        {
            double term = 1.0 / a;
            double sum = term;
            for (int n = 1; n < 10_000 && term > sum * 1e-17; n++)
            {
                term *= x / (a + n);
                sum += term;
            }

            return Math.Max(0.0, 1.0 - sum * front);
        }

        double b = x + 1.0 - a;
        double c = 1e300;
        double d = 1.0 / b;
        double h = d;
        for (int n = 1; n < 10_000; n++)
        {
            double an = -n * (n - a);
            b += 2.0;
            d = 1.0 / (an * d + b);
            c = b + an / c;
            double delta = c * d;
            h *= delta;
            if (Math.Abs(delta - 1.0) < 1e-16)
                break;
        }

        return front * h;
    }
}
