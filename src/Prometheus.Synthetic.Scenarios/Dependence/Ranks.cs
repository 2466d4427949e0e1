namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>Pseudo-observations: ranks/(n + 1), tied values sharing the average of their ranks.</summary>
public static class Ranks
{
    /// <param name="Uniforms">The pseudo-observations, in the sample's order.</param>
    /// <param name="Tied">How many observations share their value with another.</param>
    public sealed record Result(double[] Uniforms, int Tied);

    public static Result Of(ReadOnlySpan<double> sample)
    {
        int n = sample.Length;
        double[] sorted = sample.ToArray();
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort(sorted, order);
        double[] uniforms = new double[n];
        int tied = 0;
        for (int i = 0; i < n; )
        {
            int end = i + 1;
            while (end < n && sorted[end] == sorted[i])
                end++;
            // Ranks i + 1 … end have the mean (i + 1 + end)/2.
            double value = 0.5 * (i + 1 + end) / (n + 1);
            for (int j = i; j < end; j++)
                uniforms[order[j]] = value;
            if (end - i > 1)
                tied += end - i;
            i = end;
        }

        return new Result(uniforms, tied);
    }

    /// <summary>Pseudo-observations column by column.</summary>
    /// <param name="rows">T × n values, row after row.</param>
    /// <returns>n columns of T uniforms, and how many values are tied in each.</returns>
    public static (double[][] Columns, int[] Tied) OfColumns(ReadOnlySpan<double> rows, int n)
    {
        int count = rows.Length / n;
        double[][] columns = new double[n][];
        int[] tied = new int[n];
        double[] column = new double[count];
        for (int i = 0; i < n; i++)
        {
            for (int t = 0; t < count; t++)
                column[t] = rows[t * n + i];
            Result ranks = Of(column);
            (columns[i], tied[i]) = (ranks.Uniforms, ranks.Tied);
        }

        return (columns, tied);
    }
}
