namespace Prometheus.Synthetic.Scenarios.Numerics.Optimisation;

/// <summary>The place and value of a minimum.</summary>
/// <param name="Converged">False when the limit of evaluations was met first.</param>
public sealed record Minimum(double[] Place, double Value, int Evaluations, bool Converged)
{
    private const double GoldenShare = 0.38196601125010515180;

    /// <summary>
    /// The minimum of a function of one variable on [low, high] by Brent's method: parabolas through the three best
    /// points, golden sections where they do not help (Brent, "Algorithms for minimization without derivatives", 1973).
    /// </summary>
    /// <param name="tolerance">Absolute tolerance of the place; below about 1e-8 of its size a minimum cannot be told.</param>
    public static Minimum OnInterval(Func<double, double> f, double low, double high, double tolerance, int most = 200)
    {
        double x = low + GoldenShare * (high - low);
        double w = x;
        double v = x;
        double fx = f(x);
        double fw = fx;
        double fv = fx;
        double step = 0.0;
        double previous = 0.0;
        for (int count = 1; count < most; count++)
        {
            double middle = 0.5 * (low + high);
            double small = tolerance + 1e-10 * Math.Abs(x);
            if (Math.Abs(x - middle) <= 2.0 * small - 0.5 * (high - low))
                return new Minimum([x], fx, count, true);
            bool golden = true;
            if (Math.Abs(previous) > small)
            {
                double r = (x - w) * (fx - fv);
                double q = (x - v) * (fx - fw);
                double p = (x - v) * q - (x - w) * r;
                q = 2.0 * (q - r);
                if (q > 0.0)
                    p = -p;
                q = Math.Abs(q);
                double before = previous;
                previous = step;
                if (Math.Abs(p) < Math.Abs(0.5 * q * before) && p > q * (low - x) && p < q * (high - x))
                {
                    step = p / q;
                    double u0 = x + step;
                    if (u0 - low < 2.0 * small || high - u0 < 2.0 * small)
                        step = x < middle ? small : -small;
                    golden = false;
                }
            }

            if (golden)
            {
                previous = x < middle ? high - x : low - x;
                step = GoldenShare * previous;
            }

            double u = Math.Abs(step) >= small ? x + step : x + (step > 0.0 ? small : -small);
            double fu = f(u);
            if (fu <= fx)
            {
                if (u < x)
                    high = x;
                else
                    low = x;
                (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
            }
            else
            {
                if (u < x)
                    low = u;
                else
                    high = u;
                if (fu <= fw || w == x)
                    (v, fv, w, fw) = (w, fw, u, fu);
                else if (fu <= fv || v == x || v == w)
                    (v, fv) = (u, fu);
            }
        }

        return new Minimum([x], fx, most, false);
    }

    /// <summary>The best of a grid of places first, then <see cref="OnInterval"/> between its neighbours.</summary>
    /// <param name="grid">Ascending places, two or more.</param>
    public static Minimum OnGrid(Func<double, double> f, ReadOnlySpan<double> grid, double tolerance)
    {
        int best = 0;
        double value = double.PositiveInfinity;
        double[] values = new double[grid.Length];
        for (int i = 0; i < grid.Length; i++)
        {
            values[i] = f(grid[i]);
            if (values[i] < value)
                (best, value) = (i, values[i]);
        }

        Minimum refined = OnInterval(
            f,
            grid[Math.Max(best - 1, 0)],
            grid[Math.Min(best + 1, grid.Length - 1)],
            tolerance
        );
        int evaluations = refined.Evaluations + grid.Length;
        // At an end of the grid the interval's own end is not evaluated by the sections: keep it when it is better.
        return value <= refined.Value
            ? new Minimum([grid[best]], value, evaluations, refined.Converged)
            : refined with
            {
                Evaluations = evaluations,
            };
    }
}
