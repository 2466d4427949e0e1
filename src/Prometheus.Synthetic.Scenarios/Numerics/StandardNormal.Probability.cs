namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <content>Probability and density.</content>
public static partial class StandardNormal
{
    /// <summary>ln √(2π).</summary>
    public const double LogRootTwoPi = 0.91893853320467274178;

    /// <summary>P(Z ≤ z); full relative accuracy where it is small.</summary>
    public static double Cdf(double z) => z <= 0.0 ? Tail(-z) : 1.0 - Tail(z);

    /// <summary>P(Z &gt; z) for z ≥ 0, without cancellation: half the upper chi-square tail of z².</summary>
    public static double Tail(double z) => 0.5 * GammaFunctions.RegularizedQ(0.5, 0.5 * z * z);

    /// <summary>φ(z).</summary>
    public static double Density(double z) => StableMath.Exp(-0.5 * z * z) * 0.39894228040143267794;
}
