using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Factors.Model;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Factors.Sampling;
using Prometheus.Synthetic.Scenarios.Factors.Stress;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Selection;

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
    /// <summary>
    /// <c>episodes</c>, <c>exclude_episodes</c>, <c>date_ranges</c>, <c>score_filter</c>: which days the model is fitted
    /// to and draws from; <c>spectral_condition</c>: on which of these a drawn block of rows may start.
    /// </summary>
    public DayFilterSpec Days { get; init; } = new();

    public DataNeeds Needs =>
        new()
        {
            ScoreHistories = Days.ScoreHistories,
            Factors = true,
            FactorIds = Model.Factors,
            FactorModelId = Model.ModelId,
            MacroIds = Model.MacroIds,
        };

    /// <exception cref="ScenarioRefusedException">Unknown keys, wrong types, values out of range: all at once.</exception>
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
        )
        {
            Days = DayFilterSpec.Read(reader),
        };
        // Only rows drawn from history have days to start on.
        if (
            spec.Days.Spectral is not null
            && spec is not { FactorSampling: HistoricalFactors } and not { ResidualSampling: RowResiduals }
        )
            reader.Refuse(
                ErrorCodes.Conflict,
                "spectral_condition",
                "conditions the days on which drawn blocks start, and neither factors nor residuals are drawn in blocks; use factor_model.sampling.method 'historical' or residuals.sampling.method 'rows'"
            );
        model?.Finish();
        residuals?.Finish();
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }
}
