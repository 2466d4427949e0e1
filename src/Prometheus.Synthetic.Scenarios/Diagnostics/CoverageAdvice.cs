using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Diagnostics;

/// <summary>Which request makes paths of a trait that a set lacks: the category and the keys that matter.</summary>
internal static class CoverageAdvice
{
    public static string For(TailTrait trait) =>
        trait switch
        {
            TailTrait.Fat => "FACTOR_BOOTSTRAP with Student-t or generalized Pareto shocks, or SHOCK_OVERLAY",
            TailTrait.Thin => "FACTOR_BOOTSTRAP with normal factors and residuals",
            _ => "BOOTSTRAP on the whole history",
        };

    public static string For(DependenceTrait trait) =>
        trait switch
        {
            DependenceTrait.High =>
                "FACTOR_BOOTSTRAP with a correlation blend towards 1, or BOOTSTRAP with a crisis regime_filter",
            DependenceTrait.Low => "FACTOR_BOOTSTRAP with a correlation breakdown",
            _ => "BOOTSTRAP on the whole history",
        };

    public static string For(WindowClass trait) =>
        $"BOOTSTRAP or HISTORICAL with spectral_condition.classes [\"{SnakeCase.Upper(trait.ToString())}\"]";

    public static string For(RadiusTrait trait) =>
        trait switch
        {
            RadiusTrait.Extreme => "FRAGILITY_ADVERSARIAL or SHOCK_OVERLAY, or FACTOR_BOOTSTRAP with scaled shocks",
            RadiusTrait.Outer => "HISTORICAL crisis episodes, or more paths",
            _ => "BOOTSTRAP on the whole history",
        };

    public static string ForRegime(string regime) => $"BOOTSTRAP or HISTORICAL with regime_filter [\"{regime}\"]";
}
