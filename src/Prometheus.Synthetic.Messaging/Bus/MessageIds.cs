using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>
/// The id of every message we send, derived from what it says: sending it again sends the same id, so that consumers
/// can drop duplicates by id alone.
/// </summary>
public static class MessageIds
{
    public static Guid Of(object message) =>
        NameBasedGuid.Create(
            message switch
            {
                StartScenarioSetGeneration m => $"start:{m.RequestId:N}:{m.CausationMessageId:N}:{m.RetryOfAttempt}",
                PlanScenarioSet m => $"plan:{m.RequestId:N}:{m.Attempt}",
                ScenarioSetPlanned m => $"planned:{m.ScenarioSetId:N}",
                GenerateShard m => $"generate-shard:{m.ScenarioSetId:N}:{m.Shard}",
                ShardGenerated m => $"shard-generated:{m.ScenarioSetId:N}:{m.Shard}",
                SealScenarioSet m => $"seal:{m.ScenarioSetId:N}",
                ScenarioSetGenerated m => $"generated:{m.ScenarioSetId:N}",
                ScenarioSetGenerationStopped m => $"stopped:{m.RequestId:N}:{m.Attempt}",
                // A refusal has no attempt; what it says is all that tells it from another.
                ScenarioSetGenerationFailed { State: FailureStates.Refused } m =>
                    $"refused:{m.RequestId:N}:{string.Join('|', m.Errors.Select(e => $"{e.Field}={e.Code}"))}",
                ScenarioSetGenerationFailed m => $"failed:{m.RequestId:N}:{m.Attempt}",
                ScenarioSetProgressed m => $"progressed:{m.ScenarioSetId:N}:{m.Stage}:{m.ShardsDone}",
                CancelScenarioSetGeneration m => $"cancel:{m.RequestId:N}:{m.CausationMessageId:N}",
                StartMonthlyRefresh m => $"start-monthly:{m.RefreshId:N}:{m.CausationMessageId:N}:{m.RetryOfRound}",
                StartFragilityRefresh m => $"start-fragility:{m.RefreshId:N}:{m.CausationMessageId:N}:{m.RetryOfRound}",
                RefreshPartEnded m => $"part-ended:{m.RefreshId:N}:{m.RequestId:N}:{m.Attempt}:{m.Generated is null}",
                CancelRefresh m => $"cancel-refresh:{m.RefreshId:N}",
                MonthlyRefreshCompleted m => $"monthly-completed:{m.RefreshId:N}:{m.Round}",
                FragilityRefreshCompleted m => $"fragility-completed:{m.RefreshId:N}:{m.Round}",
                _ => throw new ArgumentException($"{message.GetType().Name} has no rule for its id.", nameof(message)),
            }
        );
}
