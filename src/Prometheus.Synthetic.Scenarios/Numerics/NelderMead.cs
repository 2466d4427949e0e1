namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// Minimisation without derivatives: the simplex of Nelder and Mead, Computer Journal 7 (1965), restarted at its result
/// until a restart gains nothing. Only + − × ÷ on the objective's values: the same bits on every platform.
/// </summary>
public static class NelderMead
{
    /// <param name="objective">Finite, or +∞ where not allowed.</param>
    /// <param name="start">First point; finite objective.</param>
    /// <param name="step">Edge of the first simplex along each coordinate.</param>
    /// <param name="tolerance">Absolute difference of objective values at which a simplex has shrunk enough.</param>
    public static (double[] Point, double Value, bool Converged) Minimise(
        Func<double[], double> objective,
        double[] start,
        double[] step,
        double tolerance,
        int maxEvaluations
    )
    {
        double[] best = start;
        double value = objective(start);
        int left = maxEvaluations;
        for (double scale = 1.0; left > 0; scale *= 0.5)
        {
            (double[] point, double found) = Descend(
                objective,
                best,
                [.. step.Select(s => s * scale)],
                tolerance,
                ref left
            );
            bool gained = found < value - tolerance;
            if (found < value)
                (best, value) = (point, found);
            if (!gained)
                return (best, value, left > 0);
        }

        return (best, value, false);
    }

    private static (double[] Point, double Value) Descend(
        Func<double[], double> objective,
        double[] start,
        double[] step,
        double tolerance,
        ref int left
    )
    {
        int n = start.Length;
        double[][] simplex = new double[n + 1][];
        double[] values = new double[n + 1];
        for (int i = 0; i <= n; i++)
        {
            simplex[i] = [.. start];
            if (i > 0)
                simplex[i][i - 1] += step[i - 1];
            values[i] = objective(simplex[i]);
        }

        left -= n + 1;
        while (left > 0)
        {
            Array.Sort(values, simplex);
            if (values[n] - values[0] <= tolerance)
                break;
            double[] centre = new double[n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    centre[j] += simplex[i][j] / n;
            }

            double[] reflected = Along(centre, simplex[n], -1.0);
            double atReflected = objective(reflected);
            left--;
            if (atReflected < values[0])
            {
                double[] expanded = Along(centre, simplex[n], -2.0);
                double atExpanded = objective(expanded);
                left--;
                (simplex[n], values[n]) = atExpanded < atReflected ? (expanded, atExpanded) : (reflected, atReflected);
            }
            else if (atReflected < values[n - 1])
            {
                (simplex[n], values[n]) = (reflected, atReflected);
            }
            else
            {
                bool outside = atReflected < values[n];
                double[] contracted = Along(centre, simplex[n], outside ? -0.5 : 0.5);
                double atContracted = objective(contracted);
                left--;
                if (atContracted < Math.Min(atReflected, values[n]))
                {
                    (simplex[n], values[n]) = (contracted, atContracted);
                    continue;
                }

                for (int i = 1; i <= n; i++)
                {
                    simplex[i] = Along(simplex[0], simplex[i], 0.5);
                    values[i] = objective(simplex[i]);
                }

                left -= n;
            }
        }

        int lowest = 0;
        for (int i = 1; i <= n; i++)
            lowest = values[i] < values[lowest] ? i : lowest;
        return (simplex[lowest], values[lowest]);
    }

    /// <summary>centre + t·(point − centre).</summary>
    private static double[] Along(double[] centre, double[] point, double t)
    {
        double[] result = new double[centre.Length];
        for (int j = 0; j < result.Length; j++)
            result[j] = centre[j] + t * (point[j] - centre[j]);
        return result;
    }
}
