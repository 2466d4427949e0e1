using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>
/// The days on which a window or a block may start, ascending, and how the conditions narrowed them down. Immutable:
/// each condition makes a smaller pool.
/// </summary>
public sealed class StartPool
{
    private readonly int[] _days;
    private readonly (string Condition, int Left)[] _steps;

    private StartPool(int historyDays, int[] days, (string, int)[] steps) =>
        (HistoryDays, _days, _steps) = (historyDays, days, steps);

    /// <summary>Every day of a history of <paramref name="days"/> days.</summary>
    public static StartPool All(int days) => new(days, [.. Enumerable.Range(0, days)], []);

    /// <summary>Number T of days of the history.</summary>
    public int HistoryDays { get; }

    /// <summary>Number of days in the pool.</summary>
    public int Count => _days.Length;

    public bool IsWhole => _days.Length == HistoryDays;

    /// <summary>The days, ascending.</summary>
    public ReadOnlySpan<int> Days => _days;

    public int this[int i] => _days[i];

    /// <summary>The days from which the condition holds on <paramref name="span"/> days in a row, within history.</summary>
    public StartPool Where(IDayCondition condition, int span = 1)
    {
        // run[d] = number of admitted days in a row from d on.
        int[] run = new int[HistoryDays + 1];
        for (int d = HistoryDays - 1; d >= 0; d--)
            run[d] = condition.Admits(d) ? run[d + 1] + 1 : 0;
        int[] left = [.. _days.Where(d => run[d] >= span)];
        return new StartPool(HistoryDays, left, [.. _steps, (condition.Name, left.Length)]);
    }

    /// <summary>One flag per day of history: in the pool or not.</summary>
    public bool[] Mask()
    {
        bool[] mask = new bool[HistoryDays];
        foreach (int day in _days)
            mask[day] = true;
        return mask;
    }

    /// <summary>"all 2514 days; regime_filter leaves 300; episodes leaves 40", for refusals.</summary>
    public string Explain() =>
        string.Join("; ", _steps.Select(s => $"{s.Condition} leaves {s.Left}").Prepend($"all {HistoryDays} days"));

    /// <summary>The same for reports: a list of <c>{condition, days_left}</c>.</summary>
    public JsonArray Describe() =>
        [.. _steps.Select(s => new JsonObject { ["condition"] = s.Condition, ["days_left"] = s.Left })];
}
