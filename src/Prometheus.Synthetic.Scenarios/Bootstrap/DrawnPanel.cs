using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// The values that paths copy: history as it is, or corrected once at calibration, which leaves the kernel a copy and
/// every path a pure function of its number.
/// </summary>
internal static class DrawnPanel
{
    /// <summary>A correction that would pass −100 % stops here.</summary>
    public const double LowestReturn = -0.9999;

    /// <param name="shares">Expected share of each day in the draws.</param>
    /// <param name="report">Receives what was corrected and with which effect.</param>
    public static ReadOnlyMemory<double> Build(
        ShockPanel panel,
        BlockBootstrapSpec spec,
        double[] shares,
        JsonObject report
    )
    {
        if (!spec.KeepCorrelation && !spec.KeepMarginals)
            return panel.Memory;
        double[] values = panel.Values.ToArray();
        var effects = new JsonObject();
        report["corrections"] = effects;
        if (spec.KeepCorrelation)
        {
            (values, double before) = CorrelationMap.Apply(panel, shares);
            effects["correlation"] = new JsonObject
            {
                ["distance_before"] = before,
                ["effect"] =
                    "the drivers of each day are recombined linearly: expected correlation of the draws equals the history's, means and variances stay those of the days drawn, values are no longer historical",
            };
        }

        if (spec.KeepMarginals)
        {
            double largest = 0.0;
            double[] drawn = new double[panel.Days];
            for (int k = 0; k < panel.Width; k++)
            {
                for (int t = 0; t < drawn.Length; t++)
                    drawn[t] = values[t * panel.Width + k];
                double[] mapped = MarginalMap.Apply(drawn, shares, panel.Column(k));
                for (int t = 0; t < drawn.Length; t++)
                {
                    values[t * panel.Width + k] = mapped[t];
                    if (shares[t] > 0.0)
                        largest = Math.Max(largest, Math.Abs(mapped[t] - drawn[t]));
                }
            }

            effects["marginals"] = new JsonObject
            {
                ["largest_change"] = largest,
                ["effect"] =
                    "each driver's draws are mapped by rank to its whole history's distribution: ranks and rank correlations of the days drawn stay, linear correlation may move",
            };
        }

        int floored = Floor(values, panel);
        effects["correlation_distance_after"] = CorrelationMap.Distance(panel, values, shares);
        effects["cells_floored_at"] = LowestReturn;
        effects["cells_floored"] = floored;
        return values;
    }

    private static int Floor(double[] values, ShockPanel panel)
    {
        int floored = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (panel.Drivers[i % panel.Width].Kind == DriverKind.Macro || values[i] > LowestReturn)
                continue;
            values[i] = LowestReturn;
            floored++;
        }

        return floored;
    }
}
