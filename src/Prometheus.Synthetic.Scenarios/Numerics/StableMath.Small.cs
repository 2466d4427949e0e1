namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>Forms that keep their digits where the plain ones lose them: near ln 1 and near e⁰.</content>
public static partial class StableMath
{
    /// <summary>ln(1 + x), accurate for small x. Domain x ≥ −1.</summary>
    /// <remarks>
    /// Kahan's form ln(u)·x/(u − 1) with u = 1 + x rounded: what rounding does to u it does to both factors (Goldberg,
    /// "What every computer scientist should know about floating-point arithmetic", 1991, theorem 4).
    /// </remarks>
    public static double Log1p(double x)
    {
        double u = 1.0 + x;
        if (u == 1.0)
            return x;
        return double.IsPositiveInfinity(u) ? u : Log(u) * (x / (u - 1.0));
    }

    /// <summary>eˣ − 1, accurate for small x, by the same cancellation of rounding errors.</summary>
    public static double Expm1(double x)
    {
        if (x > 40.0 || x < -40.0)
            return Exp(x) - 1.0;
        double u = Exp(x);
        if (u == 1.0)
            return x;
        double difference = u - 1.0;
        return difference == -1.0 ? -1.0 : difference * (x / Log(u));
    }
}
