using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// A complete history: T trading days × K drivers of shocks (simple returns; level changes for macro series), finite,
/// returns above −1. Drivers are in canonical order, dates strictly ascend. Values are time-major: day t is the
/// contiguous row [t·K, (t+1)·K), so that a block of days is one contiguous copy.
/// </summary>
public sealed class ShockPanel
{
    private readonly double[] _values;

    /// <exception cref="ScenarioRefusedException">A value is not finite, a return is ≤ −1, or dates are out of order.</exception>
    public ShockPanel(IReadOnlyList<Driver> drivers, IReadOnlyList<DateOnly> dates, double[] values)
    {
        if ((long)drivers.Count * dates.Count != values.Length)
            throw new ArgumentException(
                $"{values.Length} values for {dates.Count} days × {drivers.Count} drivers.",
                nameof(values)
            );
        for (int k = 1; k < drivers.Count; k++)
        {
            if (Driver.CompareCanonical(drivers[k - 1], drivers[k]) >= 0)
                throw new ArgumentException($"Drivers are not in canonical order at {drivers[k].Id}.", nameof(drivers));
        }

        for (int t = 1; t < dates.Count; t++)
        {
            if (dates[t] <= dates[t - 1])
                throw new ScenarioRefusedException(
                    ErrorCodes.BadData,
                    "dates",
                    $"date {dates[t]:yyyy-MM-dd} is duplicated or out of order; mend the history"
                );
        }

        for (int t = 0, i = 0; t < dates.Count; t++)
        {
            for (int k = 0; k < drivers.Count; k++, i++)
            {
                double value = values[i];
                if (!double.IsFinite(value) || (drivers[k].Kind != DriverKind.Macro && value <= -1.0))
                {
                    throw new ScenarioRefusedException(
                        ErrorCodes.BadData,
                        drivers[k].Id,
                        $"value {value} on {dates[t]:yyyy-MM-dd} is impossible: a return is finite and above -1; mend the history or exclude the driver"
                    );
                }
            }
        }

        Drivers = drivers;
        Dates = dates;
        _values = values;
    }

    public IReadOnlyList<Driver> Drivers { get; }

    public IReadOnlyList<DateOnly> Dates { get; }

    /// <summary>Number of days T.</summary>
    public int Days => Dates.Count;

    /// <summary>Number of drivers K.</summary>
    public int Width => Drivers.Count;

    /// <summary>All values, time-major, T·K.</summary>
    public ReadOnlySpan<double> Values => _values;

    public ReadOnlyMemory<double> Memory => _values;

    /// <summary>Value of driver <paramref name="k"/> on day <paramref name="t"/>.</summary>
    public double this[int t, int k] => _values[(long)t * Width + k];

    /// <summary>The K values of day <paramref name="t"/>.</summary>
    public ReadOnlySpan<double> Day(int t) => _values.AsSpan(t * Width, Width);

    /// <summary>The T values of driver <paramref name="k"/>, copied out.</summary>
    public double[] Column(int k)
    {
        double[] column = new double[Days];
        for (int t = 0; t < column.Length; t++)
            column[t] = _values[(long)t * Width + k];
        return column;
    }

    /// <summary>Index of a driver, or −1.</summary>
    public int IndexOf(DriverKind kind, string id)
    {
        for (int k = 0; k < Drivers.Count; k++)
        {
            if (Drivers[k].Kind == kind && string.Equals(Drivers[k].Id, id, StringComparison.Ordinal))
                return k;
        }

        return -1;
    }
}
