namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>
/// Kendall's τ in O(n log n): sort by the first variable, count the exchanges a merge sort of the second makes (Knight,
/// JASA 61, 1966). τ-b: with ties the denominator is √((pairs not tied in x)(pairs not tied in y)).
/// </summary>
public static class KendallTau
{
    /// <returns>τ in [−1, 1]; NaN when one of the variables is constant.</returns>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int n = x.Length;
        if (y.Length != n)
            throw new ArgumentException("The variables have different lengths.", nameof(y));
        double[] xs = x.ToArray();
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort(xs, order);
        double[] ys = new double[n];
        for (int i = 0; i < n; i++)
            ys[i] = y[order[i]];
        // Within ties of x, ascending y: such pairs count as no exchange.
        long tiedX = 0;
        long tiedBoth = 0;
        for (int i = 0; i < n; )
        {
            int end = i + 1;
            while (end < n && xs[end] == xs[i])
                end++;
            if (end - i > 1)
            {
                ys.AsSpan(i, end - i).Sort();
                tiedX += Pairs(end - i);
                tiedBoth += TiedPairs(ys.AsSpan(i, end - i));
            }

            i = end;
        }

        long exchanges = MergeSort(ys, new double[n], 0, n);
        long tiedY = TiedPairs(ys);
        long all = Pairs(n);
        // Concordant − discordant = all − ties − 2·exchanges.
        double numerator = all - tiedX - tiedY + tiedBoth - 2.0 * exchanges;
        double denominator = Math.Sqrt((double)(all - tiedX)) * Math.Sqrt((double)(all - tiedY));
        return denominator > 0.0 ? Math.Clamp(numerator / denominator, -1.0, 1.0) : double.NaN;
    }

    /// <summary>τ of every pair of columns, row-major, diagonal 1.</summary>
    public static double[] Matrix(double[][] columns)
    {
        int n = columns.Length;
        double[] taus = new double[n * n];
        Parallel.For(
            0,
            n,
            i =>
            {
                taus[i * n + i] = 1.0;
                for (int j = 0; j < i; j++)
                    taus[i * n + j] = taus[j * n + i] = Of(columns[i], columns[j]);
            }
        );
        return taus;
    }

    private static long Pairs(long count) => count * (count - 1) / 2;

    private static long TiedPairs(ReadOnlySpan<double> sorted)
    {
        long pairs = 0;
        for (int i = 0; i < sorted.Length; )
        {
            int end = i + 1;
            while (end < sorted.Length && sorted[end] == sorted[i])
                end++;
            pairs += Pairs(end - i);
            i = end;
        }

        return pairs;
    }

    private static long MergeSort(double[] values, double[] scratch, int from, int to)
    {
        if (to - from < 2)
            return 0;
        int middle = (from + to) / 2;
        long exchanges = MergeSort(values, scratch, from, middle) + MergeSort(values, scratch, middle, to);
        if (values[middle - 1] <= values[middle])
            return exchanges;
        int left = from;
        int right = middle;
        for (int k = from; k < to; k++)
        {
            if (right == to || (left < middle && values[left] <= values[right]))
            {
                scratch[k] = values[left++];
            }
            else
            {
                exchanges += middle - left;
                scratch[k] = values[right++];
            }
        }

        scratch.AsSpan(from, to - from).CopyTo(values.AsSpan(from));
        return exchanges;
    }
}
