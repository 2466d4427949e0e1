using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Overlays;

/// <summary>The <c>generator_spec</c> of a shock overlay: a baseline and the shocks laid over it, in order.</summary>
/// <param name="Baseline"><c>baseline</c>: <c>{category, generator_spec}</c> or <c>{scenario_set_id}</c>.</param>
/// <param name="Overlays"><c>overlays</c>: one or more.</param>
public sealed record OverlaySpec(Baseline Baseline, IReadOnlyList<Overlay> Overlays) : IGeneratorSpec
{
    public const int MaxOverlays = 20;

    /// <summary>What the baseline needs and, unless that is a sealed set, the series and factors the overlays name.</summary>
    public DataNeeds Needs =>
        Baseline.ScenarioSetId is not null
            ? Baseline.Needs
            : DriverNeeds.With(Baseline.Needs, Overlays.Select(o => o.Drivers));

    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static OverlaySpec Parse(JsonElement? generatorSpec, ScenarioFamilies families)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        if (!reader.Has("baseline"))
            reader.Refuse(
                ErrorCodes.Missing,
                "baseline",
                "is missing; give {\"category\": ..., \"generator_spec\": {...}} or {\"scenario_set_id\": ...}"
            );
        Baseline? baseline = reader.OptionalObject("baseline") is { } b ? Baseline.Read(b, families) : null;
        Overlay[] overlays = [.. reader.Objects("overlays", MaxOverlays).Select(Overlay.Read)];
        if (overlays.Length == 0)
            reader.Refuse(ErrorCodes.Missing, "overlays", $"is missing or empty; give one to {MaxOverlays} overlays");
        reader.Finish();
        reader.ThrowIfRefused();
        return new OverlaySpec(baseline!, overlays);
    }
}
