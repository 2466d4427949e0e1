using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

namespace Prometheus.Synthetic.Scenarios.Tails;

/// <summary>
/// Value at risk and expected shortfall beyond a threshold from its fitted tail (McNeil and Frey, Journal of Empirical
/// Finance 7, 2000), in the sample's unit: VaR = u + (β/ξ)[((n/N_u)(1 − p))^(−ξ) − 1], ES = (VaR + β − ξu)/(1 − ξ).
/// Standard errors by the delta method over (ξ, β) and the exceedance rate (Coles 2001, 4.3.3); NaN where the fit has no
/// covariance.
/// </summary>
/// <param name="Level">p.</param>
/// <param name="ExpectedShortfall">+∞ when ξ ≥ 1: the tail has no mean.</param>
public sealed record TailRisk(
    double Level,
    double ValueAtRisk,
    double ValueAtRiskError,
    double ExpectedShortfall,
    double ExpectedShortfallError
)
{
    /// <param name="level">p, beyond the threshold's own level 1 − N_u/n.</param>
    /// <exception cref="ScenarioRefusedException">p is not beyond the threshold.</exception>
    public static TailRisk At(GeneralizedParetoFit fit, double level, string field)
    {
        double rate = fit.ExceedanceRate;
        if (!(level > 1.0 - rate) || !(level < 1.0))
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"level {level} is not in ({1.0 - rate:G6}, 1): the fitted tail starts where {rate:P2} of the sample is left; ask further out or lower the threshold"
                )
            );
        (double shape, double scale) = (fit.Tail.Shape, fit.Tail.Scale);
        double log = StableMath.Log(rate / (1.0 - level));
        double reach = GeneralizedPareto.PowerRatio(shape, log);
        double value = fit.Threshold + scale * reach;
        // Gradient over (ξ, β, rate).
        double[] gradient =
        [
            scale * GeneralizedPareto.PowerRatioSlope(shape, log),
            reach,
            scale * StableMath.Exp(shape * log) / rate,
        ];
        double[]? covariance = WithRate(fit);
        double valueError = covariance is null ? double.NaN : ObservedInformation.Delta(gradient, covariance);
        if (shape >= 1.0)
            return new TailRisk(level, value, valueError, double.PositiveInfinity, double.NaN);
        double shortfall = (value + scale - shape * fit.Threshold) / (1.0 - shape);
        double[] shortfallGradient =
        [
            (gradient[0] + shortfall - fit.Threshold) / (1.0 - shape),
            (gradient[1] + 1.0) / (1.0 - shape),
            gradient[2] / (1.0 - shape),
        ];
        double shortfallError = covariance is null
            ? double.NaN
            : ObservedInformation.Delta(shortfallGradient, covariance);
        return new TailRisk(level, value, valueError, shortfall, shortfallError);
    }

    private static double[]? WithRate(GeneralizedParetoFit fit)
    {
        if (fit.Covariance is not { } v)
            return null;
        double rate = fit.ExceedanceRate;
        return [v[0], v[1], 0.0, v[2], v[3], 0.0, 0.0, 0.0, rate * (1.0 - rate) / fit.Count];
    }
}
