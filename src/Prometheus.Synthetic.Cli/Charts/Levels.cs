namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Turns shocks into levels.</summary>
public static class Levels
{
    /// <summary>Index values of simple returns: <paramref name="start"/>, then one per return.</summary>
    public static double[] Compound(double start, ReadOnlySpan<double> returns)
    {
        double[] levels = new double[returns.Length + 1];
        levels[0] = start;
        for (int h = 0; h < returns.Length; h++)
            levels[h + 1] = levels[h] * (1 + returns[h]);
        return levels;
    }

    /// <summary>Levels of a series whose shocks are level changes.</summary>
    public static double[] Accumulate(double start, ReadOnlySpan<double> changes)
    {
        double[] levels = new double[changes.Length + 1];
        levels[0] = start;
        for (int h = 0; h < changes.Length; h++)
            levels[h + 1] = levels[h] + changes[h];
        return levels;
    }

    /// <summary>
    /// The levels that led to <paramref name="end"/>, oldest first, the last being <paramref name="end"/> itself: one more
    /// than there are shocks.
    /// </summary>
    public static double[] Backwards(double end, ReadOnlySpan<double> shocks, bool additive)
    {
        double[] levels = new double[shocks.Length + 1];
        levels[^1] = end;
        for (int t = shocks.Length - 1; t >= 0; t--)
            levels[t] = additive ? levels[t + 1] - shocks[t] : levels[t + 1] / (1 + shocks[t]);
        return levels;
    }
}
