using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Sampling;

/// <summary>
/// The days of a panel that may be drawn: all of them, or those that meet conditions. Two neighbours
/// of the pool that are not neighbours in the panel meet at a seam, which no block may cross.
/// </summary>
public sealed class DayPool
{
    /// <summary>Fewer days to start on would repeat the same few blocks.</summary>
    public const int FewestStarts = 10;

    private readonly int[] _days;
    private readonly bool[] _seamBefore;

    private DayPool(ShockPanel panel, int[] days, IReadOnlyList<string>? labels)
    {
        _days = days;
        Labels = labels;
        IsWhole = days.Length == panel.Days;
        _seamBefore = new bool[days.Length];
        for (int i = 1; i < days.Length; i++)
            _seamBefore[i] = days[i] != days[i - 1] + 1;
        // A whole history is a circle for circular and stationary blocks; a part of it is not.
        if (days.Length > 0)
            _seamBefore[0] = !IsWhole;
        Dates = [.. days.Select(t => panel.Dates[t])];
    }

    /// <summary>Number P of days.</summary>
    public int Count => _days.Length;

    public IReadOnlyList<DateOnly> Dates { get; }

    /// <summary>The regime labels drawn from; null when every day may be drawn.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>True when every day of the panel is in the pool.</summary>
    public bool IsWhole { get; }

    /// <summary>Runs of consecutive days.</summary>
    public int Runs => 1 + _seamBefore.Skip(1).Count(s => s);

    /// <summary>Panel day of pool position <paramref name="i"/>.</summary>
    public int this[int i] => _days[i];

    /// <summary>True when the day before position <paramref name="i"/> in the pool was not the trading day before.</summary>
    public bool SeamBefore(int i) => _seamBefore[i];

    /// <summary>
    /// Positions on which a block may start, ascending; null for any. Conditions that look around a day restrict these and
    /// not the days themselves: the block runs on.
    /// </summary>
    public IReadOnlyList<int>? Starts { get; private init; }

    /// <summary>How the conditions narrowed the days and the starts down, for reports.</summary>
    public JsonArray Conditions { get; private init; } = [];

    /// <summary>The days of some regimes, without further conditions.</summary>
    /// <exception cref="ScenarioRefusedException">Regimes are not known, or the pool is too small.</exception>
    public static DayPool Of(
        CalibrationSnapshot snapshot,
        IReadOnlyList<string>? regimeFilter,
        int fewest,
        string reason
    ) => Of(snapshot, regimeFilter, new DayFilterSpec(), fewest, reason);

    /// <param name="regimeFilter">Wanted labels; null for every day.</param>
    /// <param name="filter">Further conditions on days.</param>
    /// <param name="fewest">Fewest days that can carry the request.</param>
    /// <param name="reason">What needs so many, for the refusal.</param>
    /// <exception cref="ScenarioRefusedException">Regimes are not known, or the pool is too small.</exception>
    public static DayPool Of(
        CalibrationSnapshot snapshot,
        IReadOnlyList<string>? regimeFilter,
        DayFilterSpec filter,
        int fewest,
        string reason
    )
    {
        ShockPanel panel = snapshot.Panel;
        var days = StartPool.All(panel.Days);
        if (regimeFilter is not null)
            days = days.Where(RegimeConditionOf(snapshot, regimeFilter));
        IDayCondition[] conditions = [.. filter.Conditions(snapshot)];
        foreach (IDayCondition condition in conditions.Where(c => !c.StartOnly))
            days = days.Where(condition);
        if (days.Count < fewest)
            throw TooSmall(days, regimeFilter, fewest, reason);
        StartPool starts = days;
        foreach (IDayCondition condition in conditions.Where(c => c.StartOnly))
            starts = starts.Where(condition);
        if (starts.Count < FewestStarts && starts != days)
            throw new ScenarioRefusedException(
                ErrorCodes.PoolTooSmall,
                "generator_spec.spectral_condition",
                $"{starts.Explain()}; blocks need at least {FewestStarts} days to start on; allow more classes, raise nearest_share or widen the dates"
            );
        int[] drawn = days.Days.ToArray();
        return new DayPool(panel, drawn, regimeFilter)
        {
            Starts =
                starts.Count == days.Count
                    ? null
                    : [.. starts.Days.ToArray().Select(d => Array.BinarySearch(drawn, d))],
            Conditions = starts.Describe(),
        };
    }

    private static ScenarioRefusedException TooSmall(
        StartPool days,
        IReadOnlyList<string>? regimeFilter,
        int fewest,
        string reason
    ) =>
        days.IsWhole
            ? new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "base_date_start",
                $"the history has {days.Count} days; {reason} needs at least {fewest}; widen the dates"
            )
            : new ScenarioRefusedException(
                ErrorCodes.PoolTooSmall,
                regimeFilter is null ? "generator_spec" : "regime_filter",
                $"{days.Count} of {days.HistoryDays} days are left ({days.Explain()}); {reason} needs at least {fewest}; allow more regimes or days, or widen the dates"
            );

    private static RegimeCondition RegimeConditionOf(
        CalibrationSnapshot snapshot,
        IReadOnlyList<string> regimeFilter
    ) =>
        snapshot.Regimes is { } regimes
            ? new RegimeCondition(regimes, regimeFilter)
            : throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "regime_filter",
                "the calibration data hold no regime labels; run the Regime Engine or leave regime_filter out"
            );
}
