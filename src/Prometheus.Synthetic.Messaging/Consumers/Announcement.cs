using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>What the world is told of a sealed set.</summary>
public static class Announcement
{
    public static ScenarioSetGenerated Of(ScenarioSetDocument set) =>
        new()
        {
            ScenarioSetId = set.Id,
            Name = set.Name,
            Version = set.Version,
            Category = set.Category,
            Markets = set.Markets,
            AsOfDate = set.AsOfDate,
            HorizonDays = set.HorizonDays,
            NumPaths = set.NumPaths,
            Drivers = new Contracts.DriverCounts
            {
                Instruments = set.Drivers.Instruments,
                Factors = set.Drivers.Factors,
                Macros = set.Drivers.Macros,
            },
            Cells = set.Cells,
            Tags = set.Tags,
            DefensiveTest = set.DefensiveTest,
            ReturnConvention = set.ReturnConvention,
            ContentHash =
                set.ContentHash ?? throw new InvalidOperationException($"Scenario set {set.Id} is not sealed."),
            SnapshotHash = set.SnapshotHash,
            Supersedes = set.Supersedes,
            RequestId = set.RequestId,
            SealedAt = set.SealedAt!.Value,
            NumericVersion = set.NumericVersion,
            Evicted = set.Status == ScenarioSetStatus.Evicted,
            AttackLoss = LossOf(set),
        };

    /// <summary>From the report that the generator gave with the plan; sets sealed by older versions may not have it.</summary>
    private static AttackLoss? LossOf(ScenarioSetDocument set) =>
        set.Category == ScenarioCategories.FragilityAdversarial
        && set.GeneratorReport is { ValueKind: JsonValueKind.Object } report
        && report.TryGetProperty("loss", out JsonElement loss)
        && loss.TryGetProperty("attacks_assessed", out JsonElement attacks)
            ? new AttackLoss
            {
                PathsAssessed = loss.GetProperty("paths_assessed").GetInt32(),
                AttacksAssessed = attacks.GetInt32(),
                MeanAttacked = loss.GetProperty("mean_attacked").GetDouble(),
                MeanTargets = loss.GetProperty("mean_targets").GetDouble(),
                MeanMarket = loss.GetProperty("mean_market").GetDouble(),
                AttackedRatio = Number(loss.GetProperty("attacked_against_market").GetProperty("ratio")),
                TargetsRatio = Number(loss.GetProperty("targets_against_market").GetProperty("ratio")),
                AttackedPValue = Number(loss.GetProperty("attacked_against_market").GetProperty("p_value_by_attack")),
            }
            : null;

    private static double? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
