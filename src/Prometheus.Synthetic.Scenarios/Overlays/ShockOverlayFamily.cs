using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Plausibility;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>
/// Type D of the specification (4.4): discrete, tagged shocks over a baseline family or a sealed set. A regime filter
/// restricts the baseline and the days whose covariance carries a shock on to other drivers.
/// </summary>
/// <param name="families">The families a baseline can be of.</param>
public sealed class ShockOverlayFamily(Func<ScenarioFamilies> families) : IScenarioFamily
{
    public string Category => ScenarioCategory.ShockOverlay;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => OverlaySpec.Parse(generatorSpec, families());

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var overlay = (OverlaySpec)spec;
        (IPathGenerator baseline, ShockPanel panel) = overlay.Baseline.Calibrate(
            snapshot,
            shape,
            regimeFilter,
            families()
        );
        // A sealed baseline takes no filter; any other moves with the covariance of the days that the filter leaves.
        if (regimeFilter is not null)
            panel = RegimeRestriction.Restrict(snapshot, regimeFilter).Panel;
        var metric = PanelMetric.Of(panel, baseline.Drivers);
        var errors = new List<FieldError>();
        var layers = new List<OverlayLayer>();
        for (int i = 0; i < overlay.Overlays.Count; i++)
        {
            try
            {
                layers.Add(OverlayLayer.Of(overlay.Overlays[i], i, baseline.Drivers, metric, shape.HorizonDays));
            }
            catch (ScenarioRefusedException refused)
            {
                errors.AddRange(refused.Errors);
            }
        }

        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        BaseSet? set = snapshot.BaseSets.FirstOrDefault(b => b.ScenarioSetId == overlay.Baseline.ScenarioSetId);
        return new ShockOverlayGenerator(baseline, layers, metric, shape, set);
    }
}
