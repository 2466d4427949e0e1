using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>The days of a panel that lie in wanted regimes.</summary>
public static class RegimeRestriction
{
    /// <summary>A covariance from fewer days says nothing.</summary>
    public const int MinDays = 60;

    /// <summary>The snapshot with only the days whose label is in <paramref name="filter"/>; unchanged without a filter.</summary>
    /// <exception cref="ScenarioRefusedException">Fewer than <see cref="MinDays"/> days remain.</exception>
    public static CalibrationSnapshot Restrict(CalibrationSnapshot snapshot, IReadOnlyList<string>? filter)
    {
        if (filter is null)
            return snapshot;
        ShockPanel panel = snapshot.Panel;
        int[] days =
        [
            .. Enumerable
                .Range(0, panel.Days)
                .Where(t => snapshot.Regimes?.Labels[t] is { } label && filter.Contains(label, StringComparer.Ordinal)),
        ];
        if (days.Length < MinDays)
            throw new ScenarioRefusedException(
                ErrorCodes.PoolTooSmall,
                "regime_filter",
                $"{days.Length} of {panel.Days} days are in {string.Join(", ", filter)}; {MinDays} are needed to calibrate; widen the filter or the dates"
            );
        double[] values = new double[days.Length * panel.Width];
        for (int i = 0; i < days.Length; i++)
            panel.Day(days[i]).CopyTo(values.AsSpan(i * panel.Width));
        return snapshot with
        {
            Panel = new ShockPanel(panel.Drivers, [.. days.Select(t => panel.Dates[t])], values),
            Regimes = null,
        };
    }
}
