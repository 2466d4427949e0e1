namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>
/// One driver (or the portfolio) in a set, and the sample it is standardised by: history, or the pool of two sets that
/// are compared.
/// </summary>
internal sealed class Series
{
    /// <param name="name">Driver id or <c>PORTFOLIO</c>.</param>
    /// <param name="set">P·H values, path after path.</param>
    /// <param name="history">T values.</param>
    /// <param name="isPortfolio">A sum of the others, which says nothing of its own about how drivers move together.</param>
    public Series(string name, double[] set, double[] history, bool isPortfolio = false)
    {
        Name = name;
        Set = set;
        History = history;
        IsPortfolio = isPortfolio;
        (Mean, Deviation) = Moments(history);
        AbsoluteMean = history.Average(Math.Abs);
        double[] sorted = [.. history];
        Array.Sort(sorted);
        FivePercent = Quantiles.Of(sorted, 0.05);
        OnePercent = Quantiles.Of(sorted, 0.01);
        NinetyFivePercent = Quantiles.Of(sorted, 0.95);
        // A mean of equal values is off by rounding; only what is far above that moves.
        Moves = Deviation > 1e-10 * Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1]));
        double[] sizes = [.. history.Select(v => Math.Abs(v - Mean))];
        Array.Sort(sizes);
        TailBorder = Quantiles.Of(sizes, 0.95);
    }

    public string Name { get; }

    public double[] Set { get; }

    public double[] History { get; }

    public bool IsPortfolio { get; }

    /// <summary>Historical mean.</summary>
    public double Mean { get; }

    /// <summary>Historical standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>Historical mean of |r|.</summary>
    public double AbsoluteMean { get; }

    /// <summary>Historical 5 % quantile.</summary>
    public double FivePercent { get; }

    /// <summary>Historical 1 % quantile.</summary>
    public double OnePercent { get; }

    /// <summary>Historical 95 % quantile.</summary>
    public double NinetyFivePercent { get; }

    /// <summary>Historical 95 % quantile of |r − mean|: where the tails begin.</summary>
    public double TailBorder { get; }

    /// <summary>A constant history has no standardised shocks.</summary>
    public bool Moves { get; }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length));
    }
}
