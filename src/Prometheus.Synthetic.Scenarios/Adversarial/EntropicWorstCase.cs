using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The mean shift of the worst reweighted sample: what the days that hurt look like, with the skew and fat tails that a
/// covariance does not know. Its relative entropy is at most κ = k²/2; what a template fixes and the bounds are conditions
/// on the shift. Days of fat tails would take it out of the ball of radius k: it is tilted only as far as that ball reaches,
/// so that a larger radius never lowers the loss.
/// </summary>
internal static class EntropicWorstCase
{
    private const int BoundsAtOnce = 8;

    /// <param name="sample">T × d days of the metric's coordinates.</param>
    /// <exception cref="ScenarioRefusedException">What is fixed cannot be reached from the sample within the radius.</exception>
    public static WorstCase Solve(
        CalibrationMetric metric,
        double[] sample,
        IReadOnlyList<ShockBound> bounds,
        double[] exposure,
        double radius
    )
    {
        int d = metric.Dimension;
        double[] losses = [.. Values(sample, d, LinearForm.Of(exposure)).Select(v => -v)];
        List<(ShockBound Bound, int Side)> held = [.. bounds.Where(b => b.IsFixed).Select(b => (b, 0))];
        var conditions = held.ConvertAll(h => Condition(sample, d, h.Bound, h.Side));
        while (true)
        {
            (EntropicTilt.Tilt tilt, double[] multipliers) = Tilted(metric, sample, losses, conditions, radius);
            double[] shock = Shift(sample, d, tilt.Weights);
            // Only bounds that would be broken become conditions: the rest hold by themselves.
            (ShockBound Bound, int Side)[] broken =
            [
                .. bounds
                    .Where(b => !b.IsFixed)
                    .Select(b => (Bound: b, Side: b.Form.Of(shock) < 0.0 ? -1 : 1))
                    .Where(b => Excess(b.Bound, shock) > 1e-12 && !held.Contains(b))
                    .OrderByDescending(b => Excess(b.Bound, shock))
                    .Take(BoundsAtOnce),
            ];
            if (broken.Length == 0)
                return Found(metric, shock, exposure, radius) with
                {
                    Binding = Binding(held, multipliers),
                    Divergence = tilt.Divergence,
                };
            held.AddRange(broken);
            conditions.AddRange(broken.Select(b => Condition(sample, d, b.Bound, b.Side)));
        }
    }

    private static (EntropicTilt.Tilt, double[]) Tilted(
        CalibrationMetric metric,
        double[] sample,
        double[] losses,
        List<PooledView> conditions,
        double radius
    )
    {
        double kappa = 0.5 * radius * radius;
        int d = metric.Dimension;
        double Use(double[] weights) =>
            metric.Factor.InverseQuadratic(Shift(sample, d, weights)) / (radius * radius);
        try
        {
            ConstrainedTilt.Result result = ConstrainedTilt.Solve(losses, kappa, conditions, Use);
            return (result.Tilt, result.Multipliers);
        }
        catch (ScenarioRefusedException refused)
            when (refused.Errors.Any(e => conditions.Exists(c => c.Name == e.Field)))
        {
            throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                "generator_spec.templates",
                $"no reweighting of the {losses.Length} calibration days moves {string.Join(", ", refused.Errors.Select(e => e.Field).Distinct(StringComparer.Ordinal))} as the template and the bounds ask: the days do not reach as far; fix milder values, widen the dates, or take method mahalanobis"
            );
        }
    }

    private static WorstCase Found(CalibrationMetric metric, double[] shock, double[] exposure, double radius)
    {
        double distance = metric.Distance(shock);
        double loss = 0.0;
        for (int i = 0; i < shock.Length; i++)
            loss -= exposure[i] * shock[i];
        return new WorstCase(shock, loss, Math.Min(distance, radius), [], true);
    }

    /// <summary>What is fixed, and the bounds that cost loss.</summary>
    private static IReadOnlyList<BindingBound> Binding(List<(ShockBound Bound, int Side)> held, double[] multipliers) =>
        [
            .. held.Select(
                    (h, i) =>
                        new BindingBound(
                            h.Bound.Name,
                            h.Side == 0 ? "fixed"
                                : h.Side < 0 ? "lower"
                                : "upper",
                            h.Side < 0 ? h.Bound.Lower : h.Bound.Upper,
                            Math.Abs(multipliers[i])
                        )
                )
                .Where(b => b.Side == "fixed" || b.Multiplier > 0.0),
        ];

    /// <summary>By how much a shock lies outside a bound, in parts of the bound.</summary>
    private static double Excess(ShockBound bound, double[] shock)
    {
        double value = bound.Form.Of(shock);
        double over = Math.Max(bound.Lower - value, value - bound.Upper);
        return over / Math.Max(1e-9, Math.Abs(value < 0.0 ? bound.Lower : bound.Upper));
    }

    /// <param name="side">−1 for the lower bound, 1 for the upper, 0 for a fixed value.</param>
    private static PooledView Condition(double[] sample, int d, ShockBound bound, int side)
    {
        double[] values = Values(sample, d, bound.Form);
        double mean = 0.0;
        foreach (double v in values)
            mean += v;
        mean /= values.Length;
        return new PooledView(
            bound.Name,
            values,
            side == 0 ? ViewRelation.Equal
                : side < 0 ? ViewRelation.AtLeast
                : ViewRelation.AtMost,
            mean + (side < 0 ? bound.Lower : bound.Upper)
        );
    }

    private static double[] Values(double[] sample, int d, LinearForm form)
    {
        double[] values = new double[sample.Length / d];
        for (int t = 0; t < values.Length; t++)
        {
            double sum = 0.0;
            for (int i = 0; i < form.Index.Length; i++)
                sum += form.Weight[i] * sample[t * d + form.Index[i]];
            values[t] = sum;
        }

        return values;
    }

    /// <summary>E_Q[x] − E_P[x].</summary>
    private static double[] Shift(double[] sample, int d, double[] weights)
    {
        double[] shift = new double[d];
        for (int t = 0; t < weights.Length; t++)
        {
            double weight = weights[t] - 1.0 / weights.Length;
            for (int i = 0; i < d; i++)
                shift[i] += weight * sample[t * d + i];
        }

        return shift;
    }
}
