namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>One driver (or the portfolio) in the set and in history.</summary>
internal sealed class Series
{
    /// <param name="name">Driver id or <c>PORTFOLIO</c>.</param>
    /// <param name="set">P·H values, path after path.</param>
    /// <param name="history">T values.</param>
    public Series(string name, double[] set, double[] history)
    {
        Name = name;
        Set = set;
        History = history;
        Mean = history.Average();
        Deviation = Math.Sqrt(history.Sum(v => (v - Mean) * (v - Mean)) / history.Length);
        double[] sorted = [.. history];
        Array.Sort(sorted);
        FivePercent = Quantiles.Of(sorted, 0.05);
        OnePercent = Quantiles.Of(sorted, 0.01);
    }

    public string Name { get; }

    public double[] Set { get; }

    public double[] History { get; }

    /// <summary>Historical mean.</summary>
    public double Mean { get; }

    /// <summary>Historical standard deviation.</summary>
    public double Deviation { get; }

    /// <summary>Historical 5 % quantile.</summary>
    public double FivePercent { get; }

    /// <summary>Historical 1 % quantile.</summary>
    public double OnePercent { get; }

    /// <summary>A constant history has no standardised shocks.</summary>
    public bool Moves => Deviation > 0;
}
