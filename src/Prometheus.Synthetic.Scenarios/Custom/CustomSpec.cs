using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Combination;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// The <c>generator_spec</c> of a CUSTOM set that is not of given paths: exactly one of a hand-written
/// <c>definition</c>, a <c>mixture</c> of sealed sets, or <c>views</c> on one.
/// </summary>
/// <param name="Definition">Null when absent, or only named and not yet embedded.</param>
/// <param name="Mixture"><c>mixture</c>: <c>[{scenario_set_id, weight}]</c>, two or more.</param>
/// <param name="CommonDrivers"><c>drivers</c>: same (default) or common.</param>
/// <param name="ViewsOn"><c>scenario_set_id</c> that the views are on.</param>
public sealed record CustomSpec(
    CustomDefinition? Definition,
    IReadOnlyList<(Guid Id, double Weight)> Mixture,
    bool CommonDrivers,
    Guid? ViewsOn,
    IReadOnlyList<ViewSpec> Views
) : IGeneratorSpec
{
    public DataNeeds Needs =>
        DriverNeeds.With(
            new DataNeeds { BaseSetIds = ViewsOn is { } id ? [id] : [.. Mixture.Select(m => m.Id)] },
            (Definition?.Paths ?? []).SelectMany(p => p.Shocks).Select(s => s.Drivers)
        );

    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static CustomSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        int given =
            (reader.Has(CustomDefinition.DefinitionKey) ? 1 : 0)
            + (reader.Has("mixture") ? 1 : 0)
            + (reader.Has("views") ? 1 : 0);
        if (given != 1)
            reader.Refuse(
                given == 0 ? ErrorCodes.Missing : ErrorCodes.Conflict,
                CustomDefinition.DefinitionKey,
                "give exactly one of definition (hand-written paths), mixture (of sealed sets), views (on scenario_set_id)"
            );
        CustomDefinition? definition = EmbeddedDefinition.Read(
            reader,
            CustomDefinition.DefinitionKey,
            CustomDefinition.Parse
        );
        var mixture = new List<(Guid, double)>();
        foreach (SpecReader component in reader.Objects("mixture", 100))
        {
            Guid? id = Baseline.ReadSetId(component);
            if (id is null && !component.Has("scenario_set_id"))
                component.Refuse(ErrorCodes.Missing, "scenario_set_id", "is missing; name the set");
            double? weight = component.OptionalNumber("weight", 1e-9, 1e9);
            if (weight is null && !component.Has("weight"))
                component.Refuse(ErrorCodes.Missing, "weight", "is missing; weights are taken relative to their sum");
            component.Finish();
            mixture.Add((id ?? Guid.Empty, weight ?? 0));
        }

        if (reader.Has("mixture") && mixture.Count < 2)
            reader.Refuse(ErrorCodes.OutOfRange, "mixture", "names fewer than two sets; there is nothing to mix");
        if (mixture.GroupBy(m => m.Item1).Any(g => g.Count() > 1 && g.Key != Guid.Empty))
            reader.Refuse(ErrorCodes.Conflict, "mixture", "names a set twice; give it one weight");
        bool common = reader.Choice("drivers", "same", "same", "common") == "common";
        Guid? viewsOn = Baseline.ReadSetId(reader);
        ViewSpec[] views = [.. reader.Objects("views", 100).Select(ViewSpec.Read)];
        if (reader.Has("views") && views.Length == 0)
            reader.Refuse(ErrorCodes.OutOfRange, "views", "is empty; give a view");
        if (reader.Has("views") != reader.Has("scenario_set_id"))
            reader.Refuse(
                reader.Has("views") ? ErrorCodes.Missing : ErrorCodes.Conflict,
                "scenario_set_id",
                "belongs to views: it names the sealed set they are on"
            );
        reader.Finish();
        reader.ThrowIfRefused();
        return new CustomSpec(definition, mixture, common, viewsOn, views);
    }
}
