using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Factors.Model;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Factors.Sampling;
using Prometheus.Synthetic.Scenarios.Factors.Stress;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>The <c>generator_spec</c> of a factor bootstrap; contracts/schemas/specs/factor-bootstrap.schema.json.</summary>
/// <param name="Model">Exposures: registered or estimated, and of which columns.</param>
/// <param name="FactorSampling"><c>factor_model.sampling</c>.</param>
/// <param name="ResidualSampling"><c>residuals.sampling</c>.</param>
/// <param name="ResidualScale"><c>residuals.scale</c>: what residuals are multiplied by.</param>
/// <param name="Scaling"><c>shock_scaling</c>.</param>
/// <param name="Correlation"><c>correlation</c>; null for none.</param>
/// <param name="Bounds"><c>return_floor</c> and <c>return_cap</c>.</param>
public sealed record FactorBootstrapSpec(
    FactorModelSpec Model,
    FactorSampling FactorSampling,
    ResidualSampling ResidualSampling,
    double ResidualScale,
    ShockScaling Scaling,
    CorrelationStress? Correlation,
    ReturnBounds Bounds
) : IGeneratorSpec
{
    public DataNeeds Needs =>
        new()
        {
            Factors = true,
            FactorIds = Model.Factors,
            FactorModelId = Model.ModelId,
            MacroIds = Model.MacroIds,
        };

    /// <exception cref="Errors.ScenarioRefusedException">Unknown keys, wrong types, values out of range: all at once.</exception>
    public static FactorBootstrapSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        SpecReader? model = reader.OptionalObject("factor_model");
        SpecReader? residuals = reader.OptionalObject("residuals");
        var spec = new FactorBootstrapSpec(
            FactorModelSpec.Read(reader, model),
            FactorSampling.Parse(model?.OptionalObject("sampling"), "generator_spec.factor_model.sampling"),
            ResidualSampling.Parse(residuals?.OptionalObject("sampling"), "generator_spec.residuals.sampling"),
            residuals?.Number("scale", 1.0, 0.0, 20.0) ?? 1.0,
            ShockScaling.Parse(reader),
            CorrelationStress.Parse(reader.OptionalObject("correlation")),
            ReturnBounds.Read(reader)
        );
        model?.Finish();
        residuals?.Finish();
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }
}
