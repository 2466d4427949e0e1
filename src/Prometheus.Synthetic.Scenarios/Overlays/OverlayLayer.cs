using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>An overlay fitted to the drivers of a baseline.</summary>
/// <param name="Hit">Indices of the drivers it names.</param>
/// <param name="Unit">Per driver, its move when the shock's size is 1; zero where it does not reach.</param>
internal sealed record OverlayLayer(Overlay Overlay, int Index, int[] Hit, double[] Unit)
{
    /// <summary>Whether the drivers it names move by returns, which compound, rather than by changes of a level.</summary>
    public bool OnReturns { get; private init; }

    public bool Reaches(int driver) => Unit[driver] != 0.0;

    /// <exception cref="ScenarioRefusedException">It names no driver, or strikes after the horizon.</exception>
    public static OverlayLayer Of(
        Overlay overlay,
        int index,
        IReadOnlyList<Driver> drivers,
        PanelMetric metric,
        int horizon
    )
    {
        string field = $"generator_spec.overlays[{index}]";
        int[] hit = overlay.Drivers.Among(drivers);
        if (hit.Length == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                $"{field}.applies_to",
                $"no driver of the baseline matches {overlay.Drivers}; it has {string.Join(", ", drivers.Take(8).Select(d => d.Id))}{(drivers.Count > 8 ? ", ..." : "")}"
            );
        if (overlay.Day.Parameters.Max() > horizon)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                $"{field}.day",
                $"day {overlay.Day.Parameters.Max()} is after the horizon of {horizon} steps"
            );
        bool mixed =
            hit.Any(k => drivers[k].Kind == DriverKind.Macro) && hit.Any(k => drivers[k].Kind != DriverKind.Macro);
        if (mixed && !overlay.ScalesMoves)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                $"{field}.applies_to",
                "one size cannot be both a return and a change of a macro level; give kind, or two overlays"
            );
        return new OverlayLayer(overlay, index, hit, Moves(overlay, hit, drivers, metric, field))
        {
            OnReturns = drivers[hit[0]].Kind != DriverKind.Macro,
        };
    }

    private static double[] Moves(
        Overlay overlay,
        int[] hit,
        IReadOnlyList<Driver> drivers,
        PanelMetric metric,
        string field
    )
    {
        double[] unit = new double[drivers.Count];
        foreach (int k in hit)
            unit[k] = 1.0;
        if (overlay.ScalesMoves || (!overlay.Propagate && !overlay.Aggregate))
            return unit;
        int d = metric.Metric.Dimension;
        var forms = new List<double[]>();
        int[] coordinates = [.. Enumerable.Range(0, d).Where(i => hit.Contains(metric.Columns[i]))];
        if (coordinates.Length == 0)
            return unit;
        if (overlay.Aggregate)
        {
            double[] mean = new double[d];
            foreach (int i in coordinates)
                mean[i] = 1.0 / coordinates.Length;
            forms.Add(mean);
        }
        else
        {
            foreach (int i in coordinates)
            {
                double[] one = new double[d];
                one[i] = 1.0;
                forms.Add(one);
            }
        }

        var move = new ConditionalMove(metric.Metric.Covariance.Values, d, forms, $"{field}.applies_to");
        double[] shocks = new double[forms.Count];
        Array.Fill(shocks, 1.0);
        double[] moves = new double[d];
        move.Of(shocks, moves);
        for (int i = 0; i < d; i++)
        {
            int k = metric.Columns[i];
            if (overlay.Propagate || hit.Contains(k))
                unit[k] = overlay.Aggregate || !hit.Contains(k) ? moves[i] : 1.0;
        }

        return unit;
    }
}
