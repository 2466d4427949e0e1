using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>The <c>generator_spec</c> of a fragility-driven adversarial set. Such sets are defensive tests and say so.</summary>
public sealed record AdversarialSpec : IGeneratorSpec
{
    public const int DefaultTopK = 10;
    public const double DefaultMinScore = 0.5;

    /// <summary>Key under which a threat model is named, and embedded once it is resolved.</summary>
    public const string ThreatModelKey = "threat_model";

    private static readonly string[] s_entityTypes = ["MARKET", "ISSUER", "SECTOR", "FX", "PORTFOLIO", "POSITION"];

    /// <summary><c>targets</c>: given entities, or empty to read them from the tables as of the date.</summary>
    public IReadOnlyList<TargetEntity> Targets { get; init; } = [];

    /// <summary><c>top_k</c>: how many of the most fragile, 1..100.</summary>
    public int TopK { get; init; } = DefaultTopK;

    /// <summary><c>min_score</c>: an entity below is no target, in [0, 1].</summary>
    public double MinScore { get; init; } = DefaultMinScore;

    /// <summary><c>radius</c>: Mahalanobis distance k; null for <see cref="PlausibilityLevel"/> or the threat model's default.</summary>
    public double? Radius { get; init; }

    /// <summary><c>plausibility_level</c>: k from P(χ²_d ≤ k²), d the number of drivers of the shock space.</summary>
    public double? PlausibilityLevel { get; init; }

    /// <summary><c>plausibility_tail</c>: student takes k from the F distribution of Student-t days, normal from χ².</summary>
    public bool StudentTail { get; init; }

    /// <summary><c>templates</c>: names from the threat model; empty for all.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary><c>method</c>: mahalanobis (worst point of a ball) or entropic (tilted sample at the same divergence κ = k²/2).</summary>
    public bool Entropic { get; init; }

    /// <summary><c>noise</c>: share of the radius, in [0, 0.9], spent on bridge noise that leaves every total as it is.</summary>
    public double Noise { get; init; } = 0.3;

    /// <summary><c>min_loss_share</c>: paths after the first of a kind look aside, keeping at least this share of the worst loss.</summary>
    public double MinLossShare { get; init; } = 0.9;

    public IReadOnlyList<string>? Factors { get; init; }

    public string? FactorModelId { get; init; }

    public IReadOnlyList<string> MacroIds { get; init; } = [];

    /// <summary>Null when the spec names a model that has not been embedded yet.</summary>
    public ThreatModel? ThreatModel { get; init; }

    public bool InFactorSpace => Factors is not null || FactorModelId is not null;

    public DataNeeds Needs =>
        new()
        {
            TargetCount = Targets.Count > 0 ? 0 : TopK,
            GivenTargets = Targets,
            Factors = InFactorSpace,
            FactorIds = Factors,
            FactorModelId = FactorModelId,
            MacroIds = MacroIds,
            DefensiveTest = true,
        };

    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static AdversarialSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        if (!reader.Flag("defensive_test", true))
            reader.Refuse(
                ErrorCodes.DefensiveMarking,
                "defensive_test",
                "false is refused: an adversarial set is a defensive test and is always marked as one; leave the key out"
            );
        double? radius = reader.OptionalNumber("radius", 0.01, ThreatModel.HardMaxRadius);
        double? level = reader.OptionalNumber("plausibility_level", 1e-6, 1 - 1e-12);
        if (radius is not null && level is not null)
            reader.Refuse(ErrorCodes.Conflict, "plausibility_level", "radius is given too; keep one of the two");
        bool student = reader.Choice("plausibility_tail", "normal", "normal", "student") == "student";
        if (reader.Has("plausibility_tail") && !reader.Has("plausibility_level"))
            reader.Refuse(
                ErrorCodes.Conflict,
                "plausibility_tail",
                "says how plausibility_level becomes a radius; give plausibility_level too, or leave this out"
            );
        var spec = new AdversarialSpec
        {
            Targets = ReadTargets(reader),
            TopK = reader.Integer("top_k", DefaultTopK, 1, 100),
            MinScore = reader.Number("min_score", DefaultMinScore, 0.0, 1.0),
            Radius = radius,
            PlausibilityLevel = level,
            StudentTail = student,
            Templates = reader.OptionalTexts("templates", 100) ?? [],
            Entropic = reader.Choice("method", "mahalanobis", "mahalanobis", "entropic") == "entropic",
            Noise = reader.Number("noise", 0.3, 0.0, 0.9),
            MinLossShare = reader.Number("min_loss_share", 0.9, 0.1, 1.0),
            Factors = reader.OptionalTexts("factors", 500),
            FactorModelId = reader.OptionalText("factor_model_id"),
            MacroIds = reader.OptionalTexts("macro_ids", 200) ?? [],
            ThreatModel = ReadThreatModel(reader),
        };
        if (spec.ThreatModel is { } model)
            CheckAgainst(model, spec, reader);
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }

    private static void CheckAgainst(ThreatModel model, AdversarialSpec spec, SpecReader reader)
    {
        if (spec.Radius > model.MaxRadius)
            reader.Refuse(
                ErrorCodes.OverLimit,
                "radius",
                $"{spec.Radius} is above the ceiling max_radius {model.MaxRadius} of threat model {model.Name} version {model.Version}"
            );
        string[] known = [.. model.Templates.Select(t => t.Name)];
        foreach (string name in spec.Templates.Where(t => !known.Contains(t, StringComparer.Ordinal)))
            reader.Refuse(
                ErrorCodes.UnknownValue,
                "templates",
                $"'{name}' is not a template of threat model {model.Name}; there are {string.Join(", ", known)}{Spelling.Suggest(name, known)}"
            );
    }

    private static ThreatModel? ReadThreatModel(SpecReader reader) =>
        reader.Has(ThreatModelKey)
            ? EmbeddedDefinition.Read(reader, ThreatModelKey, ThreatModel.Parse)
            : ThreatModel.HardLimits;

    private static List<TargetEntity> ReadTargets(SpecReader reader)
    {
        var targets = new List<TargetEntity>();
        foreach (SpecReader target in reader.Objects("targets", 1_000))
        {
            string type = target.Choice("entity_type", string.Empty, s_entityTypes);
            if (!target.Has("entity_type"))
                target.Refuse(
                    ErrorCodes.Missing,
                    "entity_type",
                    $"is missing; one of {string.Join(", ", s_entityTypes)}"
                );
            string? id = target.OptionalText("entity_id");
            if (id is null && !target.Has("entity_id"))
                target.Refuse(ErrorCodes.Missing, "entity_id", "is missing; name the entity");
            double? score = target.OptionalNumber("soft_target_score", 0.0, 1.0);
            if (score is null && !target.Has("soft_target_score"))
                target.Refuse(ErrorCodes.Missing, "soft_target_score", "is missing; give the score in 0..1");
            IReadOnlyDictionary<string, double> components =
                target.OptionalNumberMap("components", 0.0, 1.0) ?? new SortedDictionary<string, double>();
            target.Finish();
            targets.Add(new TargetEntity(type, id ?? string.Empty, score ?? 0.0, components, []));
        }

        foreach (var twice in targets.GroupBy(t => (t.EntityType, t.EntityId)).Where(g => g.Count() > 1))
            reader.Refuse(
                ErrorCodes.Conflict,
                "targets",
                $"{twice.Key.EntityType} {twice.Key.EntityId} is given twice"
            );
        return targets;
    }
}
