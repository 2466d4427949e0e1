using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>Days whose regime label is one of the allowed ones; unlabelled days are not.</summary>
public sealed class RegimeCondition(RegimeHistory regimes, IReadOnlyList<string> allowed) : IDayCondition
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.Ordinal);

    public string Name => "regime_filter";

    public bool Admits(int day) => regimes.Labels[day] is { } label && _allowed.Contains(label);
}

/// <summary>Days inside at least one of some spans of dates, or, inverted, outside all of them.</summary>
public sealed class DateCondition(
    string name,
    IReadOnlyList<DateOnly> dates,
    IReadOnlyList<DateSpan> spans,
    bool inverted = false
) : IDayCondition
{
    public string Name => name;

    public bool Admits(int day)
    {
        foreach (DateSpan span in spans)
        {
            if (span.Contains(dates[day]))
                return !inverted;
        }

        return inverted;
    }
}

/// <summary>Days that are named one by one.</summary>
public sealed class NamedDaysCondition(string name, IReadOnlyList<DateOnly> dates, IEnumerable<DateOnly> named)
    : IDayCondition
{
    private readonly HashSet<DateOnly> _named = [.. named];

    public string Name => name;

    public bool Admits(int day) => _named.Contains(dates[day]);
}

/// <summary>
/// Days from which at least <paramref name="length"/> trading days follow one another (the day itself counted) without
/// a day missing between them.
/// </summary>
public sealed class UnbrokenRunCondition(CalibrationSnapshot snapshot, int length) : IDayCondition
{
    private readonly int[] _run = TradingRuns.Lengths(snapshot);

    public string Name => $"{length} trading days without a gap";

    public bool Admits(int day) => _run[day] >= length;

    /// <summary>The longest run there is.</summary>
    public int Longest => _run.Length == 0 ? 0 : _run.Max();
}

/// <summary>Runs of consecutive trading days.</summary>
public static class TradingRuns
{
    /// <summary>For each day the number of consecutive trading days from it on, itself included.</summary>
    public static int[] Lengths(CalibrationSnapshot snapshot)
    {
        int days = snapshot.Panel.Days;
        bool[] gapBefore = new bool[days + 1];
        foreach (int day in snapshot.GapsBefore)
            gapBefore[day] = true;
        int[] run = new int[days];
        for (int d = days - 1; d >= 0; d--)
            run[d] = d + 1 < days && !gapBefore[d + 1] ? run[d + 1] + 1 : 1;
        return run;
    }
}

/// <summary>A span of dates, both ends included.</summary>
public readonly record struct DateSpan(DateOnly Start, DateOnly End)
{
    public bool Contains(DateOnly date) => date >= Start && date <= End;
}
