namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>Two samples counted in the same bins, as densities, so that they can be laid over each other.</summary>
/// <param name="Edges">Edges of the bins, one more than there are bins.</param>
/// <param name="Set">Density of the set in each bin: share of all its values over the bin's width.</param>
/// <param name="History">The same of the history.</param>
/// <param name="SetOutside">Share of the set's values beyond the outer edges.</param>
/// <param name="HistoryOutside">Share of the history's values beyond the outer edges.</param>
public sealed record ReturnHistogram(
    double[] Edges,
    double[] Set,
    double[] History,
    double SetOutside,
    double HistoryOutside
)
{
    private const int FewestBins = 20;
    private const int MostBins = 120;

    /// <summary>
    /// Bins by the rule of Freedman and Diaconis (1981) on the history, 2·IQR·n^(−1/3) wide, between the outermost
    /// 0.1 % of both samples: a single wild day does not squeeze the rest into three bins.
    /// </summary>
    public static ReturnHistogram Of(double[] set, double[] history)
    {
        double[] s = [.. set.Order()];
        double[] h = [.. history.Order()];
        double low = Math.Min(Quantiles.OfSorted(s, 0.001), Quantiles.OfSorted(h, 0.001));
        double high = Math.Max(Quantiles.OfSorted(s, 0.999), Quantiles.OfSorted(h, 0.999));
        if (high <= low)
            (low, high) = (low - 0.5, high + 0.5);
        double iqr = Quantiles.OfSorted(h, 0.75) - Quantiles.OfSorted(h, 0.25);
        double width = 2 * iqr / Math.Cbrt(h.Length);
        int bins = width > 0 ? (int)Math.Clamp(Math.Ceiling((high - low) / width), FewestBins, MostBins) : FewestBins;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + (high - low) * i / bins)];
        (double[] ofSet, double setOutside) = Density(s, edges);
        (double[] ofHistory, double historyOutside) = Density(h, edges);
        return new(edges, ofSet, ofHistory, setOutside, historyOutside);
    }

    private static (double[] Density, double Outside) Density(double[] values, double[] edges)
    {
        int bins = edges.Length - 1;
        double width = (edges[^1] - edges[0]) / bins;
        int[] counts = new int[bins];
        int outside = 0;
        foreach (double x in values)
        {
            if (x < edges[0] || x > edges[^1])
                outside++;
            else
                counts[Math.Min(bins - 1, (int)((x - edges[0]) / width))]++;
        }

        return ([.. counts.Select(c => c / (values.Length * width))], (double)outside / values.Length);
    }
}
