using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>The object <c>generator_spec.filter</c>.</summary>
/// <param name="Garch"><c>model</c>: ewma (default) or garch, a GARCH(1,1).</param>
/// <param name="Lambda"><c>lambda</c>: decay of the EWMA variance, 0.94 by default (RiskMetrics).</param>
/// <param name="StudentT"><c>innovations</c>: normal (default) or t; the likelihood by which a GARCH is fitted.</param>
/// <param name="VolatilityCap"><c>volatility_cap</c>: a path's volatility stays below so many times the largest in history.</param>
public sealed record VolatilityFilterSpec(bool Garch, double Lambda, bool StudentT, double VolatilityCap)
{
    public const double DefaultLambda = 0.94;
    public const double DefaultVolatilityCap = 3.0;

    internal static VolatilityFilterSpec? Read(SpecReader? reader)
    {
        if (reader is null)
            return null;
        bool garch = reader.Choice("model", "ewma", "ewma", "garch") is "garch";
        var spec = new VolatilityFilterSpec(
            garch,
            reader.Number("lambda", DefaultLambda, 0.5, 0.9999),
            reader.Choice("innovations", "normal", "normal", "t") is "t",
            reader.Number("volatility_cap", DefaultVolatilityCap, 1, 100)
        );
        if (garch && reader.Has("lambda"))
            reader.Refuse(
                Errors.ErrorCodes.Conflict,
                "lambda",
                "belongs to model ewma; a GARCH estimates its own decay"
            );
        if (!garch && reader.Has("innovations"))
            reader.Refuse(
                Errors.ErrorCodes.Conflict,
                "innovations",
                "belongs to model garch; an EWMA fits no likelihood"
            );
        reader.Finish();
        return spec;
    }
}
