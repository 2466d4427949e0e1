namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>ψ(x) = d ln Γ(x)/dx for x &gt; 0.</summary>
public static class Digamma
{
    /// <summary>The asymptotic series (DLMF 5.11.2) at x ≥ 12, below that by ψ(x) = ψ(x + 1) − 1/x.</summary>
    public static double Of(double x)
    {
        double shift = 0.0;
        for (; x < 12.0; x += 1.0)
            shift += 1.0 / x;
        double r = 1.0 / (x * x);
        double series =
            r
            * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132 - r * (691.0 / 32760))))));
        return StableMath.Log(x) - 0.5 / x - series - shift;
    }
}
