using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Adversarial;

/// <summary>Who is attacked, and with what weight each panel driver stands for them.</summary>
public sealed class AttackTargets
{
    private AttackTargets(IReadOnlyList<AttackTarget> targets, double[] weights, IReadOnlyList<string> notes)
    {
        Targets = targets;
        Weights = weights;
        Notes = notes;
    }

    /// <summary>Highest score first.</summary>
    public IReadOnlyList<AttackTarget> Targets { get; }

    /// <summary>Score-weighted over the targets, equal within one; K weights that sum to 1.</summary>
    public double[] Weights { get; }

    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="ScenarioRefusedException">No target reaches the score, or none has an instrument in the panel.</exception>
    public static AttackTargets Of(CalibrationSnapshot snapshot, AdversarialSpec spec)
    {
        TargetEntity[] over =
        [
            .. snapshot.Targets.Where(t => t.SoftTargetScore >= spec.MinScore && t.SoftTargetScore > 0.0),
        ];
        if (over.Length == 0)
        {
            string found =
                snapshot.Targets.Count == 0
                    ? "there is no fragile entity as of the date"
                    : $"the highest score of {snapshot.Targets.Count} entities is {snapshot.Targets.Max(t => t.SoftTargetScore):0.####}";
            throw new ScenarioRefusedException(
                ErrorCodes.NoTargets,
                "generator_spec.min_score",
                $"no target reaches {spec.MinScore}: {found}; lower min_score, give targets, or run the stability and fragility engines first"
            );
        }

        ShockPanel panel = snapshot.Panel;
        var targets = new List<AttackTarget>();
        var without = new List<TargetEntity>();
        foreach (
            TargetEntity entity in over.OrderByDescending(t => t.SoftTargetScore)
                .ThenBy(t => t.EntityType, StringComparer.Ordinal)
                .ThenBy(t => t.EntityId, StringComparer.Ordinal)
                .Take(spec.TopK)
        )
        {
            int[] drivers =
            [
                .. entity.InstrumentIds.Select(i => panel.IndexOf(DriverKind.Instrument, i)).Where(k => k >= 0).Order(),
            ];
            if (drivers.Length == 0)
                without.Add(entity);
            else
                targets.Add(new AttackTarget(entity, drivers, Equal(panel.Width, drivers)));
        }

        if (targets.Count == 0)
            throw new ScenarioRefusedException([
                .. without.Select(t => new FieldError(
                    ErrorCodes.NoTargets,
                    "generator_spec.targets",
                    $"{t.EntityType} {t.EntityId} is expressed by no instrument of the panel; map it to instruments, or widen markets and universe_filter"
                )),
            ]);
        double[] weights = new double[panel.Width];
        double total = targets.Sum(t => t.Entity.SoftTargetScore);
        foreach (AttackTarget target in targets)
        {
            for (int k = 0; k < weights.Length; k++)
                weights[k] += target.Entity.SoftTargetScore / total * target.Weights[k];
        }

        return new AttackTargets(
            targets,
            weights,
            [
                .. without.Select(t =>
                    $"{t.EntityType} {t.EntityId} was left out: no instrument of the panel expresses it."
                ),
            ]
        );
    }

    public JsonArray ToJson(IReadOnlyList<Driver> drivers) =>
        new([
            .. Targets.Select(t => new JsonObject
            {
                ["entity_type"] = t.Entity.EntityType,
                ["entity_id"] = t.Entity.EntityId,
                ["soft_target_score"] = t.Entity.SoftTargetScore,
                ["instruments"] = new JsonArray([.. t.Drivers.Select(k => JsonValue.Create(drivers[k].Id))]),
            }),
        ]);

    internal static double[] Equal(int width, IReadOnlyCollection<int> drivers)
    {
        double[] weights = new double[width];
        foreach (int k in drivers)
            weights[k] = 1.0 / drivers.Count;
        return weights;
    }
}

/// <param name="Drivers">Panel indices of its instruments, ascending.</param>
/// <param name="Weights">Equal over them, K weights that sum to 1.</param>
public sealed record AttackTarget(TargetEntity Entity, int[] Drivers, double[] Weights)
{
    public string Name => $"{Entity.EntityType}:{Entity.EntityId}";
}
