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
        };
}
