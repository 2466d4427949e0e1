using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Factors.Model;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Factors.Stress;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// Type C of the specification (4.3, 7.3): r = α + B·f + ε with factors drawn from history or a distribution, residuals
/// drawn apart from them, and the factors stored beside the instruments they drive. A regime filter and the
/// conditions on days restrict everything, fit and draws; a spectral condition the days on which blocks start.
/// </summary>
public sealed class FactorBootstrapFamily : IScenarioFamily
{
    /// <summary>Fewest days for moments that mean anything.</summary>
    private const int FewestDays = 30;

    /// <summary>Fewest days per sampled column, for a regression with some freedom left.</summary>
    private const int DaysPerColumn = 3;

    public string Category => ScenarioCategory.FactorBootstrap;

    public IGeneratorSpec ParseSpec(JsonElement? generatorSpec) => FactorBootstrapSpec.Parse(generatorSpec);

    public IPathGenerator Calibrate(
        CalibrationSnapshot snapshot,
        IGeneratorSpec spec,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter
    )
    {
        var asked = (FactorBootstrapSpec)spec;
        int columns = snapshot.Panel.Drivers.Count(d => d.Kind != DriverKind.Instrument);
        DayPool pool = DayPool.Of(
            snapshot,
            regimeFilter,
            asked.Days,
            Math.Max(FewestDays, DaysPerColumn * (columns + 1)),
            $"a factor model of {columns} columns"
        );
        var stream = new PhiloxStream(shape.Seed);
        FactorModelFit fit = FactorModelFit.Of(snapshot, pool, asked.Model, stream);
        ResidualSample residuals = Scaled(fit.Residuals, asked.ResidualScale);
        return new FactorBootstrapGenerator(
            fit,
            asked.FactorSampling.Fit(fit.Factors),
            FactorStress.Of(fit.Factors, asked.Scaling, asked.Correlation),
            asked.ResidualSampling.Fit(residuals),
            asked.ResidualScale,
            asked.Bounds,
            shape
        );
    }

    private static ResidualSample Scaled(ResidualSample sample, double scale) =>
        scale == 1.0 ? sample : sample with { Rows = [.. sample.Rows.Select(e => scale * e)] };
}
