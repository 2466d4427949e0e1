using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>
/// Joint extremes of pairs at a level q: P(U ≤ q | V ≤ q) and P(U &gt; 1 − q | V &gt; 1 − q), counted. As q → 0 these are the
/// tail-dependence coefficients; independence gives q, the same variable twice 1.
/// </summary>
/// <param name="Level">q.</param>
/// <param name="Lower">K × K, row-major.</param>
/// <param name="Upper">K × K, row-major.</param>
public sealed record TailDependence(double Level, int Width, double[] Lower, double[] Upper)
{
    /// <param name="columns">K columns of uniforms (pseudo-observations or draws).</param>
    public static TailDependence Of(double[][] columns, double level)
    {
        int n = columns.Length;
        int count = columns[0].Length;
        double[] lower = new double[n * n];
        double[] upper = new double[n * n];
        int[] low = new int[n];
        int[] high = new int[n];
        for (int t = 0; t < count; t++)
        {
            int lows = 0;
            int highs = 0;
            for (int i = 0; i < n; i++)
            {
                if (columns[i][t] <= level)
                    low[lows++] = i;
                else if (columns[i][t] > 1.0 - level)
                    high[highs++] = i;
            }

            Count(lower, low.AsSpan(0, lows), n);
            Count(upper, high.AsSpan(0, highs), n);
        }

        for (int i = 0; i < n * n; i++)
        {
            lower[i] /= level * count;
            upper[i] /= level * count;
        }

        return new TailDependence(level, n, lower, upper);
    }

    /// <summary>Mean over the pairs.</summary>
    public (double Lower, double Upper) Mean()
    {
        double lower = 0.0;
        double upper = 0.0;
        for (int i = 0; i < Width; i++)
        {
            for (int j = 0; j < i; j++)
            {
                lower += Lower[i * Width + j];
                upper += Upper[i * Width + j];
            }
        }

        double pairs = 0.5 * Width * (Width - 1);
        return (lower / pairs, upper / pairs);
    }

    /// <summary>Before (history) beside after (draws): means over the pairs and the largest difference.</summary>
    public static JsonObject Compare(TailDependence before, TailDependence after)
    {
        double largest = 0.0;
        for (int i = 0; i < before.Width; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int at = i * before.Width + j;
                largest = Math.Max(largest, Math.Abs(after.Lower[at] - before.Lower[at]));
                largest = Math.Max(largest, Math.Abs(after.Upper[at] - before.Upper[at]));
            }
        }

        (double Lower, double Upper) history = before.Mean();
        (double Lower, double Upper) drawn = after.Mean();
        return new JsonObject
        {
            ["level"] = before.Level,
            ["lower_before"] = history.Lower,
            ["lower_after"] = drawn.Lower,
            ["upper_before"] = history.Upper,
            ["upper_after"] = drawn.Upper,
            ["largest_difference"] = largest,
        };
    }

    private static void Count(double[] matrix, ReadOnlySpan<int> members, int n)
    {
        foreach (int i in members)
        {
            foreach (int j in members)
                matrix[i * n + j] += 1.0;
        }
    }
}
