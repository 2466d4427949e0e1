using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>
/// The metric of a panel's own drivers, for paths whose drivers are the panel's, some of them, or more. Drivers that are
/// constant in the sample, or that the set does not store, have no coordinate.
/// </summary>
public sealed class PanelMetric
{
    private readonly int[] _columns;
    private readonly int _width;

    private PanelMetric(CalibrationMetric metric, int[] columns, int[] panelColumns, int width)
    {
        Metric = metric;
        _columns = columns;
        PanelColumns = panelColumns;
        _width = width;
    }

    public CalibrationMetric Metric { get; }

    /// <summary>Per coordinate, its driver's index in the set.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>Per coordinate, its index in the panel.</summary>
    public IReadOnlyList<int> PanelColumns { get; }

    /// <param name="drivers">The drivers of the paths.</param>
    /// <exception cref="ScenarioRefusedException">No driver is in the panel, or their covariance is singular.</exception>
    public static PanelMetric Of(ShockPanel panel, IReadOnlyList<Driver> drivers)
    {
        var index = new Dictionary<(DriverKind, string), int>();
        for (int k = 0; k < panel.Width; k++)
            index[(panel.Drivers[k].Kind, panel.Drivers[k].Id)] = k;
        (int Set, int Panel)[] pairs =
        [
            .. Enumerable
                .Range(0, drivers.Count)
                .Where(k => index.TryGetValue((drivers[k].Kind, drivers[k].Id), out int p) && Varies(panel, p))
                .Select(k => (k, index[(drivers[k].Kind, drivers[k].Id)])),
        ];
        if (pairs.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.ConstantSeries,
                "universe_filter",
                "no driver of the paths varies in the calibration panel; widen the universe or the dates"
            );
        double[] data = new double[panel.Days * pairs.Length];
        for (int t = 0; t < panel.Days; t++)
        {
            for (int i = 0; i < pairs.Length; i++)
                data[t * pairs.Length + i] = panel[t, pairs[i].Panel];
        }

        return new PanelMetric(
            new CalibrationMetric([.. pairs.Select(p => drivers[p.Set].Id)], panel.Dates, data),
            [.. pairs.Select(p => p.Set)],
            [.. pairs.Select(p => p.Panel)],
            drivers.Count
        );
    }

    /// <summary>Plausibility of a path of H × K moves.</summary>
    public PathPlausibility Assess(ReadOnlySpan<double> path)
    {
        int horizon = path.Length / _width;
        double[] shocks = new double[horizon * _columns.Length];
        for (int h = 0; h < horizon; h++)
        {
            for (int i = 0; i < _columns.Length; i++)
                shocks[h * _columns.Length + i] = path[h * _width + _columns[i]];
        }

        return PathPlausibility.Of(Metric, shocks);
    }

    private static bool Varies(ShockPanel panel, int k)
    {
        for (int t = 1; t < panel.Days; t++)
        {
            if (panel[t, k] != panel[0, k])
                return true;
        }

        return false;
    }
}
