using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>What a set is built on: another family calibrated on the same snapshot, or a sealed set made again.</summary>
/// <param name="Family">For a nested family, else null.</param>
/// <param name="ScenarioSetId">For a sealed set, else null.</param>
public sealed record Baseline(IScenarioFamily? Family, IGeneratorSpec? Spec, Guid? ScenarioSetId)
{
    public DataNeeds Needs =>
        ScenarioSetId is { } id ? new DataNeeds { BaseSetIds = [id] } : Spec?.Needs ?? new DataNeeds();

    internal static Baseline? Read(SpecReader reader, ScenarioFamilies families)
    {
        Guid? id = ReadSetId(reader);
        string? category = reader.OptionalText("category");
        JsonElement? spec = reader.OptionalElement("generator_spec");
        reader.Finish();
        if (reader.Has("scenario_set_id"))
        {
            if (category is not null || spec is not null)
                reader.Refuse(
                    ErrorCodes.Conflict,
                    "scenario_set_id",
                    "a sealed set brings its own family; leave category and generator_spec out"
                );
            return id is null ? null : new Baseline(null, null, id);
        }

        if (category is null)
        {
            reader.Refuse(ErrorCodes.Missing, "category", "is missing; name a family, or give scenario_set_id");
            return null;
        }

        try
        {
            IScenarioFamily family = families.For(category);
            return new Baseline(family, family.ParseSpec(spec), null);
        }
        catch (ScenarioRefusedException refused)
        {
            reader.Include(refused.Errors.Select(e => e with { Field = Nested(reader, e.Field) }));
            return null;
        }
    }

    internal static Guid? ReadSetId(SpecReader reader)
    {
        string? text = reader.OptionalText("scenario_set_id");
        if (text is null)
            return null;
        if (Guid.TryParse(text, out Guid id))
            return id;
        reader.Refuse(ErrorCodes.WrongType, "scenario_set_id", $"'{text}' is not a set id (a UUID)");
        return null;
    }

    /// <summary>The baseline's generator, with the panel it was calibrated on and the way its paths are counted.</summary>
    /// <exception cref="ScenarioRefusedException">The set is shorter than what is asked, or the family refuses.</exception>
    internal (IPathGenerator Generator, ShockPanel Panel) Calibrate(
        CalibrationSnapshot snapshot,
        GenerationShape shape,
        IReadOnlyList<string>? regimeFilter,
        ScenarioFamilies families
    )
    {
        if (ScenarioSetId is not { } id)
            return (Family!.Calibrate(snapshot, Spec!, shape, regimeFilter), snapshot.Panel);
        if (regimeFilter is not null)
            throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "regime_filter",
                "a sealed baseline set has its own regime filter; leave regime_filter out"
            );
        BaseSet set =
            snapshot.BaseSets.FirstOrDefault(b => b.ScenarioSetId == id)
            ?? throw new InvalidOperationException($"Base set {id} is not in the snapshot.");
        if (shape.HorizonDays > set.HorizonDays)
            throw new ScenarioRefusedException(
                ErrorCodes.OutOfRange,
                "horizon_days",
                $"{shape.HorizonDays} steps are asked for; the baseline set {set.Name} version {set.Version} has {set.HorizonDays}"
            );
        IPathGenerator generator = BaseSetGenerator.Of(set, families);
        return (
            new ReusedPaths(
                generator,
                set.NumPaths,
                set.HorizonDays,
                shape.HorizonDays,
                each: shape.NumPaths == set.NumPaths
            ),
            set.Snapshot!.Panel.Days > 0 ? set.Snapshot.Panel : snapshot.Panel
        );
    }

    /// <summary>generator_spec.x of the nested family stands at baseline.generator_spec.x of the request.</summary>
    private static string Nested(SpecReader reader, string field) =>
        field.StartsWith("generator_spec", StringComparison.Ordinal) ? reader.Field(field) : reader.Field("category");
}
