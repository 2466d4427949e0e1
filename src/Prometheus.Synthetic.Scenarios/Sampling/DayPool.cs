using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Sampling;

/// <summary>
/// The days of a panel that may be drawn: all of them, or those whose regime is among the wanted ones. Two neighbours
/// of the pool that are not neighbours in the panel meet at a seam, which no block may cross.
/// </summary>
public sealed class DayPool
{
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

    /// <param name="regimeFilter">Wanted labels; null for every day.</param>
    /// <param name="fewest">Fewest days that can carry the request.</param>
    /// <param name="reason">What needs so many, for the refusal.</param>
    /// <exception cref="ScenarioRefusedException">Regimes are not known, or the pool is too small.</exception>
    public static DayPool Of(
        CalibrationSnapshot snapshot,
        IReadOnlyList<string>? regimeFilter,
        int fewest,
        string reason
    )
    {
        ShockPanel panel = snapshot.Panel;
        DayPool pool = regimeFilter is null
            ? new DayPool(panel, [.. Enumerable.Range(0, panel.Days)], null)
            : Filtered(snapshot, regimeFilter);
        if (pool.Count >= fewest)
            return pool;
        throw regimeFilter is null
            ? new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "base_date_start",
                $"the history has {pool.Count} days; {reason} needs at least {fewest}; widen the dates"
            )
            : new ScenarioRefusedException(
                ErrorCodes.PoolTooSmall,
                "regime_filter",
                $"{string.Join(", ", regimeFilter)} leaves {pool.Count} of {panel.Days} days; {reason} needs at least {fewest}; allow more regimes or widen the dates"
            );
    }

    private static DayPool Filtered(CalibrationSnapshot snapshot, IReadOnlyList<string> regimeFilter)
    {
        if (snapshot.Regimes is not { } regimes)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "regime_filter",
                "the calibration data hold no regime labels; run the Regime Engine or leave regime_filter out"
            );
        int[] days =
        [
            .. Enumerable
                .Range(0, snapshot.Panel.Days)
                .Where(t => regimes.Labels[t] is { } label && regimeFilter.Contains(label, StringComparer.Ordinal)),
        ];
        return new DayPool(snapshot.Panel, days, regimeFilter);
    }
}
