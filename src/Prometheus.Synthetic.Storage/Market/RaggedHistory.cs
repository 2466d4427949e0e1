namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Trading days and the resolution of ragged history, by stated policy. Pure.</summary>
public static class RaggedHistory
{
    /// <summary>
    /// An instrument without a value on any of the window's last days has left the market: intersecting with it would
    /// cut the most recent days off everybody else's history.
    /// </summary>
    public const int EndTolerance = 5;

    /// <summary>The trading days of a set of series, ascending day numbers; see <see cref="TradingCalendar"/>.</summary>
    public static int[] TradingDays(IReadOnlyList<DatedSeries> series, TradingCalendar rule)
    {
        DatedSeries[] present = [.. series.Where(s => s.Days.Length > 0)];
        if (present.Length == 0)
            return [];
        int first = present.Min(s => s.Days[0]);
        int last = present.Max(s => s.Days[^1]);
        int[] traded = new int[last - first + 1];
        int[] listed = new int[last - first + 2];
        foreach (DatedSeries s in present)
        {
            foreach (int day in s.Days)
                traded[day - first]++;
            listed[s.Days[0] - first]++;
            listed[s.Days[^1] - first + 1]--;
        }

        var days = new List<int>(traded.Length * 5 / 7 + 1);
        int now = 0;
        for (int i = 0; i < traded.Length; i++)
        {
            now += listed[i];
            if (traded[i] > 0 && (rule == TradingCalendar.Union || 2 * traded[i] >= now))
                days.Add(first + i);
        }

        return [.. days];
    }

    /// <summary>Share of days with a value (not NaN).</summary>
    public static double Coverage(ReadOnlySpan<double> aligned)
    {
        int present = 0;
        foreach (double v in aligned)
            present += double.IsNaN(v) ? 0 : 1;
        return aligned.Length == 0 ? 0 : (double)present / aligned.Length;
    }

    /// <summary>Why an instrument cannot stay under the policy, or null.</summary>
    public static string? Refusal(ReadOnlySpan<double> aligned, ReadOnlySpan<int> calendar, UniverseFilter filter)
    {
        double coverage = Coverage(aligned);
        if (coverage == 0)
            return "has no data in the window";
        if (filter.HistoryPolicy == HistoryPolicy.ListedWholeWindow)
        {
            int missing = Missing(aligned);
            return missing == 0
                ? null
                : $"has no return on {missing} of {aligned.Length} days, and history_policy is listed_whole_window";
        }

        if (coverage < filter.MinCoverage)
            return $"coverage {coverage:0.####} is below min_coverage {filter.MinCoverage:0.####}";
        int end = aligned.Length - 1;
        while (double.IsNaN(aligned[end]))
            end--;
        return aligned.Length - 1 - end >= EndTolerance
            ? $"its data end on {DateOnly.FromDayNumber(calendar[end]):yyyy-MM-dd}, {aligned.Length - 1 - end} trading days before the window's end"
            : null;
    }

    /// <summary>Indices of the days on which every column has a value.</summary>
    public static int[] CommonDays(IReadOnlyList<double[]> columns, int days)
    {
        bool[] hole = new bool[days];
        foreach (double[] column in columns)
        {
            for (int t = 0; t < days; t++)
                hole[t] |= double.IsNaN(column[t]);
        }

        return [.. Enumerable.Range(0, days).Where(t => !hole[t])];
    }

    /// <summary>Number of days without a value.</summary>
    public static int Missing(ReadOnlySpan<double> aligned)
    {
        int missing = 0;
        foreach (double v in aligned)
            missing += double.IsNaN(v) ? 1 : 0;
        return missing;
    }
}
