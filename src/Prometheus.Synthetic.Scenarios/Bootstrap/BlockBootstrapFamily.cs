using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Volatility;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>Type B of the specification (4.2, 7.2): pseudo-histories stitched from blocks of real days.</summary>
public sealed class BlockBootstrapFamily : IScenarioFamily
{
    public string Category => ScenarioCategory.Bootstrap;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => BlockBootstrapSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var bootstrap = (BlockBootstrapSpec)spec;
        var report = new JsonObject();
        double length = BlockLength.Choose(snapshot.Panel, bootstrap, report);
        DrawPlan plan = DrawPlanning.Build(snapshot, bootstrap, length, regimeFilter, report);
        double[] shares = DayOccupancy.Of(plan, shape.HorizonDays);
        report["effective_days"] = DayOccupancy.Effective(shares);
        report["source_days_most_drawn_to_mean"] = shares.Max() * plan.Days;
        if (length >= shape.HorizonDays && bootstrap.Filter is null)
            report["long_blocks"] =
                $"a block of {length:0.0} days is as long as the horizon of {shape.HorizonDays}: most paths are whole windows of history";
        if (plan.RunsOn[^1])
            report["wraps"] =
                "blocks run over the seam from the last day of history to its first; such steps are listed as wrapped_steps of their path";
        if (bootstrap.Filter is { } filter)
            return new FilteredBootstrapGenerator(
                snapshot.Panel,
                FilteredPanel.Fit(snapshot.Panel, filter, report),
                plan,
                shape,
                report
            );

        ReadOnlyMemory<double> values = DrawnPanel.Build(snapshot.Panel, bootstrap, shares, report);
        SeamSmoother? smoother = null;
        if (bootstrap.SeamSmoothingDays > 0)
        {
            smoother = new SeamSmoother(snapshot.Panel, values.Span, shares, bootstrap.SeamSmoothingDays, plan);
            report["seam_smoothing"] = new JsonObject
            {
                ["days"] = bootstrap.SeamSmoothingDays,
                ["effect"] =
                    "days after a seam are blends of two histories: means and covariances stay those of the days drawn, tails of the blended days are lighter, and they are no historical days",
            };
        }

        return new BlockBootstrapGenerator(
            snapshot.Panel,
            values,
            plan,
            smoother,
            bootstrap.SeamSmoothingDays,
            shape,
            report
        );
    }
}
