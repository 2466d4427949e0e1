namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>
/// The trading days of every simulated market: weekdays except 1 January and 25 December. One calendar for all markets,
/// so that markets can be combined without losing days.
/// </summary>
public static class TradingCalendar
{
    /// <summary>The rule in the words of <c>markets.calendar_spec</c>.</summary>
    public const string Specification = """{"days":"MON-FRI","holidays":["01-01","12-25"]}""";

    public static bool IsTradingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
        && (day.Month, day.Day) is not ((1, 1) or (12, 25));

    /// <summary>Trading days in (end − years, end], ascending.</summary>
    public static DateOnly[] Days(DateOnly end, int years)
    {
        var days = new List<DateOnly>(years * 262);
        for (DateOnly day = end.AddYears(-years).AddDays(1); day <= end; day = day.AddDays(1))
        {
            if (IsTradingDay(day))
                days.Add(day);
        }

        return [.. days];
    }
}
