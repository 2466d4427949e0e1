using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Analysis;

/// <summary>A generator spec that suits a panel, and why.</summary>
public sealed record SuggestedSpec(string Category, JsonObject GeneratorSpec, IReadOnlyList<string> Reasons)
{
    /// <summary>Volatility this far from its average makes plain blocks of the past a poor picture of tomorrow.</summary>
    private const double UnusualVolatility = 1.75;

    /// <param name="horizon">Steps of the paths that are wanted.</param>
    public static SuggestedSpec For(PanelAnalysis analysis, int horizon)
    {
        var reasons = new List<string>();
        double ratio = analysis.Median.VolatilityTodayRatio;
        if (ratio > UnusualVolatility || (ratio > 0 && ratio < 1 / UnusualVolatility))
        {
            bool garch = analysis.Days >= 1_000 && analysis.Drivers <= 200;
            reasons.Add(
                $"volatility today is {ratio:0.00} times its average: filtered simulation starts where the market is"
            );
            reasons.Add(
                garch
                    ? $"{analysis.Days} days carry a GARCH(1,1); the median tail index {analysis.Median.LossTailIndex:0.0} speaks for Student-t innovations"
                    : "an EWMA needs no long history and no fit per driver"
            );
            return new SuggestedSpec(
                "BOOTSTRAP",
                new JsonObject
                {
                    ["filter"] = garch
                        ? new JsonObject { ["model"] = "garch", ["innovations"] = "t" }
                        : new JsonObject { ["model"] = "ewma" },
                },
                reasons
            );
        }

        var chosen = analysis.BlockLength.Choose("largest");
        BlockLengthEstimate? length = chosen?.Estimate;
        // A mean block as long as the horizon is a replay of windows already; longer ones change nothing but the name.
        double days = Math.Round(Math.Clamp(length?.StationaryInRange ?? 1, 1, Math.Max(1, horizon)), 1);
        reasons.Add(
            length is null
                ? "no driver has a measurable block length; single days are drawn"
                : $"the longest automatic block length is that of {chosen!.Value.Basis}, {length.StationaryInRange:0.0} days{(length.StationaryInRange > horizon ? $", cut to the horizon of {horizon}" : "")}"
        );
        if (analysis.Median.AbsoluteAutocorrelation1 > 0.1)
            reasons.Add(
                $"volatility clusters (median autocorrelation of |r| {analysis.Median.AbsoluteAutocorrelation1:0.00} at lag 1, {analysis.Median.AbsoluteAutocorrelation10:0.00} at lag 10), which blocks keep and single days lose"
            );
        var spec = new JsonObject { ["scheme"] = "stationary", ["block_length"] = days };
        if (analysis.GapsBefore.Count > 0)
        {
            spec["end_blocks_at_gaps"] = true;
            reasons.Add($"{analysis.GapsBefore.Count} gaps in the history: blocks end there");
        }

        return new SuggestedSpec("BOOTSTRAP", spec, reasons);
    }
}
