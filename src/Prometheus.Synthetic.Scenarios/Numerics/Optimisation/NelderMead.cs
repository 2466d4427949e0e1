namespace Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

/// <summary>
/// Nelder and Mead's simplex (The Computer Journal 7, 1965), restarted from its result until a restart gains nothing,
/// which mends the collapse of the simplex that the method is known for. For two to five variables; +∞ marks places that
/// are not allowed.
/// </summary>
public static class NelderMead
{
    private const int MostRestarts = 8;

    /// <param name="steps">Size of the first simplex along each variable; its square root of ε is the size at the end.</param>
    public static Minimum Minimise(
        Func<double[], double> f,
        ReadOnlySpan<double> start,
        ReadOnlySpan<double> steps,
        int mostEvaluations = 4_000
    )
    {
        double[] place = start.ToArray();
        double[] sizes = steps.ToArray();
        double value = f(place);
        int evaluations = 1;
        bool converged = false;
        for (int restart = 0; restart < MostRestarts && evaluations < mostEvaluations; restart++)
        {
            (double[] next, double nextValue, int used, bool small) = Run(
                f,
                place,
                sizes,
                mostEvaluations - evaluations
            );
            evaluations += used;
            bool gained = nextValue < value - 1e-11 * (1.0 + Math.Abs(value));
            if (nextValue < value)
                (place, value) = (next, nextValue);
            for (int i = 0; i < sizes.Length; i++)
                sizes[i] *= 0.2;
            // A run cut short says nothing about whether there was more to gain.
            if (gained || !small)
                continue;
            converged = double.IsFinite(value);
            break;
        }

        return new Minimum(place, value, evaluations, converged);
    }

    private static (double[] Place, double Value, int Evaluations, bool Small) Run(
        Func<double[], double> f,
        double[] start,
        double[] steps,
        int most
    )
    {
        int n = start.Length;
        double[][] points = new double[n + 1][];
        double[] values = new double[n + 1];
        for (int i = 0; i <= n; i++)
        {
            points[i] = [.. start];
            if (i > 0)
                points[i][i - 1] += steps[i - 1];
            values[i] = f(points[i]);
        }

        int evaluations = n + 1;
        while (evaluations < most)
        {
            Array.Sort(values, points);
            if (Small(points, steps))
                return (points[0], values[0], evaluations, true);
            double[] centre = new double[n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    centre[j] += points[i][j] / n;
            }

            double[] reflected = Along(centre, points[n], -1.0);
            double fr = f(reflected);
            evaluations++;
            if (fr < values[0])
            {
                double[] expanded = Along(centre, points[n], -2.0);
                double fe = f(expanded);
                evaluations++;
                (points[n], values[n]) = fe < fr ? (expanded, fe) : (reflected, fr);
                continue;
            }

            if (fr < values[n - 1])
            {
                (points[n], values[n]) = (reflected, fr);
                continue;
            }

            double[] contracted = Along(centre, points[n], fr < values[n] ? -0.5 : 0.5);
            double fc = f(contracted);
            evaluations++;
            if (fc < Math.Min(fr, values[n]))
            {
                (points[n], values[n]) = (contracted, fc);
                continue;
            }

            for (int i = 1; i <= n; i++)
            {
                points[i] = Along(points[0], points[i], 0.5);
                values[i] = f(points[i]);
                evaluations++;
            }
        }

        Array.Sort(values, points);
        return (points[0], values[0], evaluations, Small(points, steps));
    }

    private static double[] Along(double[] centre, double[] worst, double share)
    {
        double[] place = new double[centre.Length];
        for (int j = 0; j < place.Length; j++)
            place[j] = centre[j] + share * (worst[j] - centre[j]);
        return place;
    }

    private static bool Small(double[][] points, double[] steps)
    {
        for (int j = 0; j < steps.Length; j++)
        {
            for (int i = 1; i < points.Length; i++)
            {
                if (Math.Abs(points[i][j] - points[0][j]) > 1e-8 * Math.Abs(steps[j]) + 1e-9 * Math.Abs(points[0][j]))
                    return false;
            }
        }

        return true;
    }
}
