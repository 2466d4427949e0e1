using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>The windows of a history that satisfy a spec, by their first days.</summary>
public static class WindowPool
{
    /// <param name="horizon">Length H of a window in trading days.</param>
    /// <exception cref="ScenarioRefusedException">No window is left; says which condition took the last, and what there was.</exception>
    public static StartPool Build(
        CalibrationSnapshot snapshot,
        HistoricalSpec spec,
        int horizon,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var unbroken = new UnbrokenRunCondition(snapshot, horizon);
        StartPool pool = StartPool.All(snapshot.Panel.Days).Where(unbroken);
        if (pool.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "horizon_days",
                $"no window of {horizon} consecutive trading days: the longest run in the {snapshot.Panel.Days} days of history is {unbroken.Longest}; shorten the horizon, widen the dates or raise universe_filter.min_coverage"
            );
        if (spec.StartDates is { } starts)
        {
            RefuseAbsent(snapshot.Panel.Dates, starts, pool, horizon);
            pool = pool.Where(new NamedDaysCondition("start_dates", snapshot.Panel.Dates, starts));
        }

        if (regimeFilter is not null)
        {
            RegimeHistory regimes =
                snapshot.Regimes
                ?? throw new ScenarioRefusedException(
                    ErrorCodes.NotFound,
                    "regime_filter",
                    "the calibration data hold no regime labels; run the Regime Engine or leave regime_filter out"
                );
            pool = pool.Where(new RegimeCondition(regimes, regimeFilter), Span(spec.RegimeMode, horizon));
            RefuseEmpty(pool, "regime_filter", "regime_mode", spec.RegimeMode, horizon);
        }

        foreach (IDayCondition condition in spec.Days.Conditions(snapshot))
        {
            pool = pool.Where(condition, condition.StartOnly ? 1 : Span(spec.DayMode, horizon));
            RefuseEmpty(pool, $"generator_spec.{condition.Name.Split(' ')[0]}", "day_mode", spec.DayMode, horizon);
        }

        return pool;
    }

    /// <summary>The largest number of windows of the pool that share no day.</summary>
    public static int Disjoint(StartPool pool, int horizon)
    {
        int count = 0;
        int free = 0;
        foreach (int start in pool.Days)
        {
            if (start < free)
                continue;
            count++;
            free = start + horizon;
        }

        return count;
    }

    /// <summary>Days of history that lie in at least one window of the pool.</summary>
    public static int Covered(StartPool pool, int horizon)
    {
        int covered = 0;
        int free = 0;
        foreach (int start in pool.Days)
        {
            covered += start + horizon - Math.Max(start, free);
            free = start + horizon;
        }

        return covered;
    }

    private static int Span(WindowMode mode, int horizon) => mode == WindowMode.AllDays ? horizon : 1;

    private static void RefuseEmpty(StartPool pool, string field, string modeKey, WindowMode mode, int horizon)
    {
        if (pool.Count > 0)
            return;
        string hint =
            mode == WindowMode.AllDays
                ? $"; with generator_spec.{modeKey} start_day only the first day must satisfy it"
                : string.Empty;
        throw new ScenarioRefusedException(
            ErrorCodes.PoolTooSmall,
            field,
            $"0 windows of {horizon} trading days are left and at least 1 is needed ({pool.Explain()}); widen the condition or the dates, or shorten the horizon{hint}"
        );
    }

    private static void RefuseAbsent(
        IReadOnlyList<DateOnly> dates,
        IReadOnlyList<DateOnly> starts,
        StartPool pool,
        int horizon
    )
    {
        HashSet<DateOnly> possible = [.. pool.Days.ToArray().Select(d => dates[d])];
        FieldError[] errors =
        [
            .. starts
                .Where(s => !possible.Contains(s))
                .Take(20)
                .Select(s => new FieldError(
                    ErrorCodes.InvalidDates,
                    "generator_spec.start_dates",
                    $"no window of {horizon} consecutive trading days starts on {s:yyyy-MM-dd}; the nearest start is {possible.MinBy(p => (Math.Abs(p.DayNumber - s.DayNumber), p)):yyyy-MM-dd}"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }
}
