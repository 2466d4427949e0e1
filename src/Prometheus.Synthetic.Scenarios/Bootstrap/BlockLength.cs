using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Analysis;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>The block length that a spec asks for, or the automatic one.</summary>
internal static class BlockLength
{
    /// <exception cref="ScenarioRefusedException">Longer than the history, or nothing moves to estimate it from.</exception>
    public static double Choose(ShockPanel panel, BlockBootstrapSpec spec, JsonObject report)
    {
        report["scheme"] = spec.Scheme.ToString().ToLowerInvariant();
        double length = spec.BlockLength ?? (spec.Filter is null ? Automatic(panel, spec, report) : 1.0);
        report["block_length"] = length;
        if (length > panel.Days)
            throw new ScenarioRefusedException(
                ErrorCodes.BlockTooLong,
                "generator_spec.block_length",
                $"{length} days is longer than the history of {panel.Days} days; shorten the block or widen the dates"
            );
        return length;
    }

    private static double Automatic(ShockPanel panel, BlockBootstrapSpec spec, JsonObject report)
    {
        var lengths = PanelBlockLength.Of(panel);
        if (lengths.Choose(spec.Basis) is not { } chosen)
            throw new ScenarioRefusedException(
                panel.Days < AutomaticBlockLength.FewestObservations
                    ? ErrorCodes.TooLittleHistory
                    : ErrorCodes.ConstantSeries,
                "generator_spec.block_length",
                $"no automatic block length: it needs at least {AutomaticBlockLength.FewestObservations} days of drivers that move, and there are {panel.Days} days and {lengths.ConstantDrivers.Count} constant drivers of {panel.Width}; give block_length in days"
            );
        JsonObject automatic = lengths.Describe();
        automatic["basis"] = chosen.Basis;
        report["automatic_block_length"] = automatic;
        return spec.Scheme == BlockScheme.Stationary
            ? chosen.Estimate.StationaryInRange
            : Math.Max(1.0, Math.Round(chosen.Estimate.CircularInRange));
    }
}
