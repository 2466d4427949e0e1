using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>
/// The mean shift of the worst reweighted sample: what the days that hurt look like, with the skew and fat tails that a
/// covariance does not know. Its relative entropy is at most κ = k²/2; what a template fixes and the bounds are conditions
/// on the shift. Where it would lie outside the ball it is drawn in towards the shift nearest to the sample.
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
        double kappa = 0.5 * radius * radius;
        while (true)
        {
            (EntropicTilt.Tilt tilt, double[] multipliers, double[]? nearest) = Tilted(losses, kappa, conditions);
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
            if (broken.Length > 0)
            {
                held.AddRange(broken);
                conditions.AddRange(broken.Select(b => Condition(sample, d, b.Bound, b.Side)));
                continue;
            }

            double[] start = nearest is null ? new double[d] : Shift(sample, d, nearest);
            return DrawIn(metric, shock, start, exposure, radius) with
            {
                Binding = Binding(held, multipliers),
                Divergence = tilt.Divergence,
            };
        }
    }

    private static (EntropicTilt.Tilt, double[], double[]?) Tilted(
        double[] losses,
        double kappa,
        List<PooledView> conditions
    )
    {
        if (conditions.Count == 0)
            return (EntropicTilt.Solve(losses, kappa), [], null);
        try
        {
            ConstrainedTilt.Result result = ConstrainedTilt.Solve(losses, kappa, conditions);
            return (result.Tilt, result.Multipliers, result.Nearest);
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

    /// <summary>
    /// The largest share of the way from the nearest shift to the worst one that stays in the ball. The reweightings on
    /// the way are mixtures of the two: what is fixed stays fixed, bounds hold, and the divergence is no larger.
    /// </summary>
    private static WorstCase DrawIn(
        CalibrationMetric metric,
        double[] shock,
        double[] start,
        double[] exposure,
        double radius
    )
    {
        double nearest = metric.Distance(start);
        if (nearest > radius * (1.0 + 1e-12))
            throw new ScenarioRefusedException(
                ErrorCodes.Infeasible,
                "generator_spec.radius",
                $"the days that move as the template fixes lie at distance {nearest:0.####}, beyond the radius {radius:0.####}; raise the radius or fix milder values"
            );
        double distance = metric.Distance(shock);
        double share = 1.0;
        if (distance > radius)
        {
            // |start + s·way|² = k² in whitened coordinates: c + 2bs + as², with the one root in [0, 1].
            double[] way = [.. shock.Select((x, i) => x - start[i])];
            double a = metric.Factor.InverseQuadratic(way);
            double c = nearest * nearest - radius * radius;
            double b = 0.5 * (distance * distance - nearest * nearest - a);
            share = Math.Clamp((-b + Math.Sqrt(Math.Max(0.0, b * b - a * c))) / a, 0.0, 1.0);
            shock = [.. start.Select((x, i) => x + share * way[i])];
            distance = Math.Min(metric.Distance(shock), radius);
        }

        double loss = 0.0;
        for (int i = 0; i < shock.Length; i++)
            loss -= exposure[i] * shock[i];
        return new WorstCase(shock, loss, distance, [], true);
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
