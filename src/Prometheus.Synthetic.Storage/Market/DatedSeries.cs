using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Values of one series on its own days: days (<see cref="DateOnly.DayNumber"/>) strictly ascend, no value is NaN.
/// A stored value that is no finite number is kept as +∞, so that it is noticed where the series is used and nowhere
/// else; NaN means "no value" after alignment.
/// </summary>
public sealed record DatedSeries(string Id, int[] Days, double[] Values)
{
    /// <summary>Longest span in calendar days over which two prices still make one day's return.</summary>
    public const int LongestReturnGapDays = 10;

    public static DatedSeries Empty(string id) => new(id, [], []);

    /// <summary>Sorts by day and marks impossible values.</summary>
    /// <exception cref="ScenarioRefusedException">A day occurs twice.</exception>
    public static DatedSeries Of(string id, int[] days, double[] values)
    {
        for (int i = 1; i < days.Length; i++)
        {
            if (days[i] <= days[i - 1])
            {
                Array.Sort(days, values);
                break;
            }
        }

        for (int i = 0; i < days.Length; i++)
        {
            if (i > 0 && days[i] == days[i - 1])
                throw new ScenarioRefusedException(
                    ErrorCodes.BadData,
                    id,
                    $"two values on {DateOnly.FromDayNumber(days[i]):yyyy-MM-dd}; remove one"
                );
            if (!double.IsFinite(values[i]))
                values[i] = double.PositiveInfinity;
        }

        return new DatedSeries(id, days, values);
    }

    /// <summary>
    /// Simple returns p(t)/p(t′) − 1 between consecutive days that have a price. After a gap of more than
    /// <see cref="LongestReturnGapDays"/> the series starts anew: what happened over weeks is no one-day return.
    /// A price that is not above zero gives an impossible (infinite) return on the days it touches.
    /// </summary>
    public DatedSeries ToReturns()
    {
        var days = new List<int>(Days.Length);
        var returns = new List<double>(Days.Length);
        for (int i = 1; i < Days.Length; i++)
        {
            if (Days[i] - Days[i - 1] > LongestReturnGapDays)
                continue;
            bool possible =
                Values[i] > 0.0 && Values[i - 1] > 0.0 && double.IsFinite(Values[i]) && double.IsFinite(Values[i - 1]);
            days.Add(Days[i]);
            returns.Add(possible ? Values[i] / Values[i - 1] - 1.0 : double.PositiveInfinity);
        }

        return new DatedSeries(Id, [.. days], [.. returns]);
    }

    /// <summary>The part inside [first, last], day numbers.</summary>
    public DatedSeries Within(int first, int last)
    {
        int from = LowerBound(Days, first);
        int to = LowerBound(Days, last + 1);
        return from == 0 && to == Days.Length ? this : new DatedSeries(Id, Days[from..to], Values[from..to]);
    }

    /// <summary>This series, with the days it lacks taken from <paramref name="other"/>.</summary>
    public DatedSeries FilledFrom(DatedSeries other)
    {
        var days = new List<int>(Days.Length);
        var values = new List<double>(Days.Length);
        int j = 0;
        for (int i = 0; i <= Days.Length; i++)
        {
            int limit = i < Days.Length ? Days[i] : int.MaxValue;
            for (; j < other.Days.Length && other.Days[j] < limit; j++)
            {
                days.Add(other.Days[j]);
                values.Add(other.Values[j]);
            }

            if (i == Days.Length)
                break;
            if (j < other.Days.Length && other.Days[j] == limit)
                j++;
            days.Add(Days[i]);
            values.Add(Values[i]);
        }

        return new DatedSeries(Id, [.. days], [.. values]);
    }

    /// <summary>Values on given ascending days, NaN where the series has none.</summary>
    public double[] On(ReadOnlySpan<int> calendar)
    {
        double[] aligned = new double[calendar.Length];
        int j = 0;
        for (int t = 0; t < calendar.Length; t++)
        {
            while (j < Days.Length && Days[j] < calendar[t])
                j++;
            aligned[t] = j < Days.Length && Days[j] == calendar[t] ? Values[j] : double.NaN;
        }

        return aligned;
    }

    /// <summary>
    /// The level that stood on each day: the latest at or before it, at most <paramref name="carryDays"/> calendar
    /// days old, else NaN.
    /// </summary>
    public double[] LevelOn(ReadOnlySpan<int> calendar, int carryDays)
    {
        double[] levels = new double[calendar.Length];
        int j = -1;
        for (int t = 0; t < calendar.Length; t++)
        {
            while (j + 1 < Days.Length && Days[j + 1] <= calendar[t])
                j++;
            levels[t] = j >= 0 && calendar[t] - Days[j] <= carryDays ? Values[j] : double.NaN;
        }

        return levels;
    }

    /// <summary>Twice the median spacing of the observations in calendar days, at least 5.</summary>
    public int NaturalCarryDays()
    {
        if (Days.Length < 2)
            return 5;
        int[] gaps = new int[Days.Length - 1];
        for (int i = 0; i < gaps.Length; i++)
            gaps[i] = Days[i + 1] - Days[i];
        Array.Sort(gaps);
        return Math.Max(5, 2 * gaps[gaps.Length / 2]);
    }

    private static int LowerBound(int[] days, int day)
    {
        int at = Array.BinarySearch(days, day);
        return at >= 0 ? at : ~at;
    }
}
