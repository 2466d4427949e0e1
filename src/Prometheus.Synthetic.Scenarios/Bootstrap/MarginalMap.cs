namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Rank remapping: a value drawn with mid-rank u in the distribution of the draws becomes the u-quantile of the whole
/// history, so that each driver's draws have its history's distribution and keep their ranks (and so their ties to
/// other drivers' ranks). When draws are distributed as history already nothing changes.
/// </summary>
internal static class MarginalMap
{
    /// <param name="drawn">T values as drawn from (history, or a recombination of it).</param>
    /// <param name="shares">T shares of the draws; a day of share 0 is mapped as well but never drawn.</param>
    /// <param name="history">T values of the whole history.</param>
    /// <returns>T mapped values.</returns>
    public static double[] Apply(double[] drawn, double[] shares, double[] history)
    {
        int days = drawn.Length;
        int[] order = [.. Enumerable.Range(0, days)];
        Array.Sort(order, (a, b) => drawn[a] != drawn[b] ? drawn[a].CompareTo(drawn[b]) : a.CompareTo(b));
        double[] sorted = [.. history];
        Array.Sort(sorted);
        double[] mapped = new double[days];
        double below = 0.0;
        for (int i = 0; i < days; )
        {
            int end = i;
            double tied = 0.0;
            for (; end < days && drawn[order[end]] == drawn[order[i]]; end++)
                tied += shares[order[end]];
            double value = Quantile(sorted, below + 0.5 * tied);
            for (; i < end; i++)
                mapped[order[i]] = value;
            below += tied;
        }

        return mapped;
    }

    /// <summary>Linear between the order statistics, the i-th standing at (i − ½)/n; constant beyond the ends.</summary>
    private static double Quantile(double[] sorted, double u)
    {
        double at = u * sorted.Length - 0.5;
        if (at <= 0.0)
            return sorted[0];
        int i = (int)at;
        if (i + 1 >= sorted.Length)
            return sorted[^1];
        double part = at - i;
        // A whole position gives the order statistic itself, and rounding of a sum of shares must not move it.
        return part < 1e-9 ? sorted[i]
            : part > 1.0 - 1e-9 ? sorted[i + 1]
            : sorted[i] + part * (sorted[i + 1] - sorted[i]);
    }
}
