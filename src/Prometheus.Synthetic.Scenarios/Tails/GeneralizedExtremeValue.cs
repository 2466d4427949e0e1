using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// The generalized extreme-value distribution of block maxima, exp(−(1 + ξ(x − μ)/σ)^(−1/ξ)); Gumbel at ξ = 0, smoothly.
/// </summary>
/// <param name="Location">μ, in the maxima's unit.</param>
/// <param name="Scale">σ &gt; 0.</param>
/// <param name="Shape">ξ &gt; 0 is a power tail (Fréchet), ξ &lt; 0 an end point (Weibull).</param>
public readonly record struct GeneralizedExtremeValue(double Location, double Scale, double Shape)
{
    public double Cdf(double x)
    {
        double inside = 1.0 + Shape * (x - Location) / Scale;
        if (inside <= 0.0)
            return Shape > 0.0 ? 0.0 : 1.0;
        return StableMath.Exp(-StableMath.Exp(-Reduced(x)));
    }

    /// <summary>ln of the density; −∞ outside the support.</summary>
    public double LogDensity(double x)
    {
        if (!(1.0 + Shape * (x - Location) / Scale > 0.0))
            return double.NegativeInfinity;
        double s = Reduced(x);
        return -StableMath.Log(Scale) - (1.0 + Shape) * s - StableMath.Exp(-s);
    }

    /// <summary>The x with P(X ≤ x) = p: μ + (σ/ξ)[(−ln p)^(−ξ) − 1].</summary>
    public double Quantile(double p) =>
        Location + Scale * GeneralizedPareto.PowerRatio(Shape, -StableMath.Log(-StableMath.Log(p)));

    /// <summary>The level exceeded by a block's maximum with probability 1/<paramref name="blocks"/>, blocks &gt; 1.</summary>
    public double ReturnLevel(double blocks) =>
        Location + Scale * GeneralizedPareto.PowerRatio(Shape, -StableMath.Log(-StableMath.Log1p(-1.0 / blocks)));

    /// <summary>
    /// The distribution of the maximum of <paramref name="blocks"/> such blocks (a share of a block too), exact by
    /// max-stability: the shape stays, σ* = σ·m^ξ, μ* = μ + σ(m^ξ − 1)/ξ.
    /// </summary>
    public GeneralizedExtremeValue OfMaximum(double blocks)
    {
        double log = StableMath.Log(blocks);
        return new(
            Location + Scale * GeneralizedPareto.PowerRatio(Shape, log),
            Scale * StableMath.Exp(Shape * log),
            Shape
        );
    }

    private double Reduced(double x) => GeneralizedPareto.LogRatio(Shape, (x - Location) / Scale);
}
