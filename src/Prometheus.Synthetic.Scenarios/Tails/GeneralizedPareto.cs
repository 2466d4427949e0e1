using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// The generalized Pareto distribution of excesses over a threshold: P(Y &gt; y) = (1 + ξy/β)^(−1/ξ), e^(−y/β) at ξ = 0.
/// Every form goes through log1p and expm1, so that it is smooth in ξ at 0.
/// </summary>
/// <param name="Shape">ξ.</param>
/// <param name="Scale">β &gt; 0, in the excesses' unit.</param>
public readonly record struct GeneralizedPareto(double Shape, double Scale)
{
    /// <summary>P(Y &gt; y), y ≥ 0.</summary>
    public double Survival(double y) => StableMath.Exp(-Cumulative(y));

    public double Cdf(double y) => -StableMath.Expm1(-Cumulative(y));

    /// <summary>ln of the density; −∞ outside the support.</summary>
    public double LogDensity(double y)
    {
        double inside = 1.0 + Shape * y / Scale;
        return y < 0.0 || !(inside > 0.0)
            ? double.NegativeInfinity
            : -StableMath.Log(Scale) - (1.0 + Shape) * Cumulative(y);
    }

    /// <summary>The y exceeded with probability <paramref name="survival"/> in (0, 1].</summary>
    public double QuantileOfSurvival(double survival) => Scale * PowerRatio(Shape, -StableMath.Log(survival));

    /// <summary>(e^{ξL} − 1)/ξ, its limit L at ξ = 0.</summary>
    internal static double PowerRatio(double shape, double log)
    {
        double product = shape * log;
        // Two terms of the series are exact to rounding there.
        return Math.Abs(product) < 1e-9 ? log * (1.0 + 0.5 * product) : StableMath.Expm1(product) / shape;
    }

    /// <summary>d/dξ of <see cref="PowerRatio"/>.</summary>
    internal static double PowerRatioSlope(double shape, double log)
    {
        double x = shape * log;
        if (Math.Abs(x) < 1e-3)
            return log * log * (0.5 + x * (1.0 / 3.0 + x * (1.0 / 8.0 + x / 30.0)));
        return (log * StableMath.Exp(x) - StableMath.Expm1(x) / shape) / shape;
    }

    /// <summary>ln(1 + ξy)/ξ, its limit y at ξ = 0; +∞ beyond the support's end.</summary>
    internal static double LogRatio(double shape, double y)
    {
        double product = shape * y;
        if (Math.Abs(product) < 1e-9)
            return y * (1.0 - 0.5 * product);
        return product <= -1.0 ? double.PositiveInfinity : StableMath.Log1p(product) / shape;
    }

    /// <summary>−ln P(Y &gt; y).</summary>
    private double Cumulative(double y) => LogRatio(Shape, y / Scale);
}
