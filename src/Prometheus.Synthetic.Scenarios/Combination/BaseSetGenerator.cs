using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>Makes the paths of a sealed set again from its record and snapshot.</summary>
internal static class BaseSetGenerator
{
    public static IPathGenerator Of(BaseSet set, ScenarioFamilies families)
    {
        IScenarioFamily family = families.For(set.Category);
        CalibrationSnapshot snapshot =
            set.Snapshot
            ?? throw new InvalidOperationException($"The snapshot of base set {set.ScenarioSetId} is not attached.");
        return family.Calibrate(
            snapshot,
            family.ParseSpec(set.GeneratorSpec),
            new GenerationShape(set.NumPaths, set.HorizonDays, set.Seed),
            set.RegimeFilter
        );
    }
}
