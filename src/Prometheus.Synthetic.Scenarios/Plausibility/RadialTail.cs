using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.Optimisation;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>
/// How heavy the tail of a sample's distances is: degrees of freedom of a multivariate Student-t with the sample's own
/// covariance, by maximum likelihood over ν alone. In d dimensions a day's density depends on its distance D only,
/// ∝ (1 + D²/(ν − 2))^{−(ν+d)/2}.
/// </summary>
/// <param name="DegreesOfFreedom">ν in [2.05, 60].</param>
/// <param name="AtBound"><c>lower</c>, <c>upper</c> (normal for any purpose here) or null.</param>
public sealed record RadialTail(double DegreesOfFreedom, string? AtBound)
{
    private const int FewestDays = 30;

    /// <param name="distances">D of each day in the sample's covariance.</param>
    /// <returns>Null when there are too few days to tell.</returns>
    public static RadialTail? Of(int dimension, IReadOnlyList<double> distances)
    {
        if (distances.Count < FewestDays)
            return null;
        double low = StableMath.Log(StudentFit.LowestDegreesOfFreedom);
        double high = StableMath.Log(StudentFit.HighestDegreesOfFreedom);
        Minimum best = Minimum.OnGrid(
            logNu => -LogLikelihood(dimension, distances, StableMath.Exp(logNu)),
            [low, low + 0.35, low + 0.75, low + 1.3, low + 2.1, high],
            1e-6
        );
        return new RadialTail(
            StableMath.Exp(best.Place[0]),
            best.Place[0] <= low + 1e-4 ? "lower"
                : best.Place[0] >= high - 1e-4 ? "upper"
                : null
        );
    }

    /// <summary>Up to what does not depend on ν.</summary>
    private static double LogLikelihood(int d, IReadOnlyList<double> distances, double nu)
    {
        double perDay =
            GammaFunctions.LogGamma(0.5 * (nu + d))
            - GammaFunctions.LogGamma(0.5 * nu)
            - 0.5 * d * StableMath.Log(nu - 2.0);
        double sum = 0.0;
        for (int t = 0; t < distances.Count; t++)
            sum += StableMath.Log1p(distances[t] * distances[t] / (nu - 2.0));
        return distances.Count * perDay - 0.5 * (nu + d) * sum;
    }
}
