namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>One series as read.</summary>
internal sealed class SeriesBuffer(string name)
{
    public string Name => name;

    public List<int> Days { get; } = [];

    public List<double> Values { get; } = [];

    public List<int> Lines { get; } = [];

    /// <summary>Beside the values of tidy price files with further columns; else empty.</summary>
    public List<PriceBar> Bars { get; } = [];

    /// <summary>Orders by day, keeps the first of several values on one day, and returns the lines of the others.</summary>
    public List<int> SortAndRemoveDuplicates()
    {
        bool ascending = true;
        for (int i = 1; i < Days.Count && ascending; i++)
            ascending = Days[i] > Days[i - 1];
        if (ascending)
            return [];
        var dropped = new List<int>();
        int[] order = [.. Enumerable.Range(0, Days.Count).OrderBy(i => Days[i]).ThenBy(i => Lines[i])];
        int[] days = [.. order.Select(i => Days[i])];
        double[] values = [.. order.Select(i => Values[i])];
        int[] lines = [.. order.Select(i => Lines[i])];
        PriceBar[] bars = Bars.Count == 0 ? [] : [.. order.Select(i => Bars[i])];
        Days.Clear();
        Values.Clear();
        Lines.Clear();
        Bars.Clear();
        for (int i = 0; i < days.Length; i++)
        {
            if (i > 0 && days[i] == days[i - 1])
            {
                dropped.Add(lines[i]);
                continue;
            }

            Days.Add(days[i]);
            Values.Add(values[i]);
            Lines.Add(lines[i]);
            if (bars.Length > 0)
                Bars.Add(bars[i]);
        }

        return dropped;
    }
}

/// <summary>Further columns of a price row; NaN where empty. The adjusted close is the series' value.</summary>
internal readonly record struct PriceBar(double Open, double High, double Low, double Close, double Volume);
