using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>How plausible a path is, measured against its calibration sample.</summary>
/// <param name="PathDistance">√Σₕ xₕᵀΣ⁻¹xₕ: distance of the whole path, days independent.</param>
/// <param name="WorstStep">The step 1..H farthest out.</param>
/// <param name="WorstDistance">Its distance.</param>
/// <param name="StudentTail">P(a day as far out) for Student-t days with the tail of the sample.</param>
/// <param name="EmpiricalTail">Share of calibration days as far out.</param>
/// <param name="HorizonDistance">Distance of the summed shock under H·Σ.</param>
public sealed record PathPlausibility(
    int Dimension,
    int Horizon,
    double PathDistance,
    int WorstStep,
    double WorstDistance,
    double StudentTail,
    double EmpiricalTail,
    double HorizonDistance,
    IReadOnlyList<(string Name, double Share)> Contributions,
    IReadOnlyList<(DateOnly Date, double Distance)> NearestDays
)
{
    private const int Listed = 5;
    private const int NearestListed = 3;

    /// <param name="shocks">H × d shocks in the metric's coordinates.</param>
    public static PathPlausibility Of(CalibrationMetric metric, ReadOnlySpan<double> shocks)
    {
        int d = metric.Dimension;
        int horizon = shocks.Length / d;
        double squares = 0.0;
        double worst = -1.0;
        int worstStep = 0;
        double[] sum = new double[d];
        for (int h = 0; h < horizon; h++)
        {
            ReadOnlySpan<double> day = shocks.Slice(h * d, d);
            double squared = metric.Factor.InverseQuadratic(day);
            squares += squared;
            if (squared > worst)
                (worst, worstStep) = (squared, h);
            for (int i = 0; i < d; i++)
                sum[i] += day[i];
        }

        ReadOnlySpan<double> worstDay = shocks.Slice(worstStep * d, d);
        double worstDistance = Math.Sqrt(worst);
        return new PathPlausibility(
            d,
            horizon,
            Math.Sqrt(squares),
            worstStep + 1,
            worstDistance,
            metric.StudentTail(worstDistance),
            metric.EmpiricalTail(worstDistance),
            Math.Sqrt(metric.Factor.InverseQuadratic(sum) / horizon),
            metric.Contributions(sum, Listed),
            metric.NearestDays(worstDay, NearestListed)
        );
    }

    public JsonObject ToJson() =>
        new()
        {
            ["dimension"] = Dimension,
            ["horizon"] = new JsonObject
            {
                ["mahalanobis_distance"] = HorizonDistance,
                ["chi_square_tail"] = PlausibilityLevel.ChiSquareTail(Dimension, HorizonDistance),
                ["one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(HorizonDistance),
            },
            ["path"] = new JsonObject
            {
                ["mahalanobis_distance"] = PathDistance,
                ["chi_square_tail"] = PlausibilityLevel.ChiSquareTail(Dimension * Horizon, PathDistance),
            },
            ["worst_day"] = new JsonObject
            {
                ["step"] = WorstStep,
                ["mahalanobis_distance"] = WorstDistance,
                ["chi_square_tail"] = PlausibilityLevel.ChiSquareTail(Dimension, WorstDistance),
                ["student_tail"] = StudentTail,
                ["one_dimensional_tail"] = PlausibilityLevel.OneDimensionalTail(WorstDistance),
                ["empirical_tail"] = EmpiricalTail,
                ["nearest_days"] = new JsonArray([
                    .. NearestDays.Select(n => new JsonObject
                    {
                        ["date"] = n.Date.ToString("yyyy-MM-dd"),
                        ["distance"] = n.Distance,
                    }),
                ]),
            },
            ["contributions"] = new JsonArray([
                .. Contributions.Select(c => new JsonObject { ["driver"] = c.Name, ["share"] = c.Share }),
            ]),
        };
}
