namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>
/// Something that a trading day of a panel is or is not. Pools of days to draw from are composed of these; a new way to
/// condition history is one more implementation. Immutable and pure.
/// </summary>
public interface IDayCondition
{
    /// <summary>How reports and refusals call it, e.g. <c>regime_filter</c>.</summary>
    string Name { get; }

    /// <summary>True for a condition on the day that a window or block starts on, whatever the mode: it looks around itself.</summary>
    bool StartOnly => false;

    /// <param name="day">Panel day 0..T−1.</param>
    bool Admits(int day);
}
