using System.Globalization;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Journal;

/// <summary>What a message is about, in a few words.</summary>
public static class JournalKey
{
    public static string Of(object message) =>
        message switch
        {
            FragilityComputed m => string.Create(
                CultureInfo.InvariantCulture,
                $"{m.MarketId} {m.AsOfDate:yyyy-MM-dd} {m.ModelId}"
            ),
            MonthlyRefreshDue m => $"{m.MarketId} {m.Month}",
            GenerateScenarioSet m => $"{m.Name}",
            StartScenarioSetGeneration m => $"{m.Request.Name}",
            PlanScenarioSet m => $"{m.Request.Name} attempt {m.Attempt}",
            ScenarioSetPlanned m => $"{m.ScenarioSetId}",
            GenerateShard m => $"{m.ScenarioSetId} shard {m.Shard}",
            ShardGenerated m => $"{m.ScenarioSetId} shard {m.Shard}",
            SealScenarioSet m => $"{m.ScenarioSetId}",
            CancelScenarioSetGeneration m => m.Reason,
            ScenarioSetGenerated m => $"{m.Name} version {m.Version}",
            ScenarioSetGenerationFailed m => $"{m.Name} {m.State}",
            ScenarioSetGenerationStopped m => $"{m.Stage} {m.State}",
            ScenarioSetProgressed m => $"{m.Name} {m.ShardsDone}/{m.ShardsTotal}",
            StartMonthlyRefresh m => $"{m.MarketId} {m.Month}",
            MonthlyRefreshCompleted m => $"{m.MarketId} {m.Month} {m.Outcome}",
            StartFragilityRefresh m => string.Create(
                CultureInfo.InvariantCulture,
                $"{m.MarketId} {m.AsOfDate:yyyy-MM-dd} {m.ModelId}"
            ),
            FragilityRefreshCompleted m => string.Create(
                CultureInfo.InvariantCulture,
                $"{m.MarketId} {m.AsOfDate:yyyy-MM-dd} {m.Outcome}"
            ),
            _ => string.Empty,
        };
}
