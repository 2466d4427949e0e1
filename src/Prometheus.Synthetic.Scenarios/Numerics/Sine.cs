namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>Sine and arc sine on the hashed path, for the bridge ρ = sin(πτ/2).</summary>
public static class Sine
{
    /// <summary>sin(πτ/2), |τ| ≤ 1: Taylor's series to x²⁵, |x| ≤ π/2 (truncation below 1e-20).</summary>
    public static double OfTau(double tau)
    {
        double x = 0.5 * Math.PI * tau;
        double square = x * x;
        double sum = 0.0;
        for (int k = 25; k >= 3; k -= 2)
            sum = (1.0 + sum) * (-square / (k * (k - 1.0)));
        return x * (1.0 + sum);
    }

    /// <summary>arcsin x, |x| ≤ 1, large ones by the half angle, where the series converges fast.</summary>
    public static double ArcSine(double x)
    {
        double size = Math.Abs(x);
        if (size >= 1.0)
            return Math.CopySign(0.5 * Math.PI, x);
        if (size > 0.7)
        {
            // arcsin x = π/2 − 2·arcsin √((1 − x)/2)
            double half = Small(Math.Sqrt(0.5 * (1.0 - size)));
            return Math.CopySign(0.5 * Math.PI - 2.0 * half, x);
        }

        return Math.CopySign(Small(size), x);
    }

    /// <summary>|x| ≤ 0.71: the power series Σ (2k)!/(4ᵏ k!² (2k + 1))·x^(2k+1).</summary>
    private static double Small(double x)
    {
        double term = x;
        double sum = x;
        double square = x * x;
        for (int k = 1; k < 200; k++)
        {
            term *= square * (2.0 * k - 1.0) / (2.0 * k);
            double next = sum + term / (2.0 * k + 1.0);
            if (next == sum)
                break;
            sum = next;
        }

        return sum;
    }
}
