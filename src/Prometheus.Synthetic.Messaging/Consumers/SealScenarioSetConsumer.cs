using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Planning;
using Prometheus.Synthetic.Engine.Sealing;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Audit;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Seals a complete set and announces it; a sealed set is announced again with the same message id.</summary>
public sealed partial class SealScenarioSetConsumer(
    ScenarioSetStore sets,
    SetSealer sealer,
    ShardStore shards,
    SagaStatusReader sagas,
    AuditTrail audit,
    ILogger<SealScenarioSetConsumer> log
) : IConsumer<SealScenarioSet>
{
    public async Task Consume(ConsumeContext<SealScenarioSet> context)
    {
        SealScenarioSet command = context.Message;
        ScenarioSetDocument? set = await sets.FindAsync(command.ScenarioSetId, context.CancellationToken);
        switch (set?.Status)
        {
            case null or ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled:
                return;
            case ScenarioSetStatus.Deleted:
                if (await AskedAgainAsync(set, command, context.CancellationToken) is { } again)
                    await Outgoing.DispatchAsync(context, again);
                return;
            case ScenarioSetStatus.Generating:
                if (await MissingAsync(set, context.CancellationToken) is { Count: > 0 } missing)
                {
                    // The saga knows of shards that the manifest does not: the database was taken back to an earlier state.
                    LogMissing(log, set.Id, missing.Count);
                    foreach (int shard in missing)
                        await Outgoing.DispatchAsync(context, Shard(set, command, shard));
                    return;
                }

                try
                {
                    set = await sealer.SealAsync(set.Id, context.CancellationToken);
                }
                catch (ScenarioRefusedException e) when (e.Errors.Any(x => x.Code == ErrorCodes.WrongState))
                {
                    // Called off between the two reads: nothing to seal any more.
                    ScenarioSetDocument? now = await sets.FindAsync(command.ScenarioSetId, context.CancellationToken);
                    if (now?.Status is ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled)
                        return;
                    throw;
                }

                LogSealed(log, "Sealed", set.Name, set.Version, set.Id, set.Cells, set.ContentHash);
                break;
            default:
                LogSealed(log, "Announced again", set.Name, set.Version, set.Id, set.Cells, set.ContentHash);
                break;
        }

        await Outgoing.DispatchAsync(context, Announcement.Of(set));
    }

    /// <summary>
    /// A deleted set that was asked for since needs another attempt; a late copy of what made it must not bring it back.
    /// </summary>
    private async Task<StartScenarioSetGeneration?> AskedAgainAsync(
        ScenarioSetDocument set,
        SealScenarioSet command,
        CancellationToken ct
    )
    {
        if (
            (await sagas.GenerationAsync(command.RequestId, ct))?.Progress
                is not { Stage: GenerationStage.Completed, RepeatedAt: { } repeated } state
            || state.ScenarioSetId != set.Id
        )
            return null;
        RecordedAuditEntry? deletion = (await audit.ReadAsync(set.Id, int.MaxValue, ct)).LastOrDefault(e =>
            e.Entry.Action == AuditActions.Deleted
        );
        return deletion?.At < repeated ? state.Start with { RetryOfAttempt = state.Attempt } : null;
    }

    private async Task<IReadOnlyList<int>> MissingAsync(ScenarioSetDocument set, CancellationToken ct) =>
        [
            .. Enumerable
                .Range(0, ShardPlan.ByCount(set.NumPaths, set.ShardCount).Count)
                .Except(await shards.StoredShardsAsync(set.Id, ct)),
        ];

    private static GenerateShard Shard(ScenarioSetDocument set, SealScenarioSet command, int shard)
    {
        (int first, int count) = ShardPlan.ByCount(set.NumPaths, set.ShardCount).Range(shard);
        return new GenerateShard
        {
            RequestId = command.RequestId,
            ScenarioSetId = set.Id,
            Attempt = command.Attempt,
            Shard = shard,
            FirstPath = first,
            PathCount = count,
            Lane = Lanes.Batch,
        };
    }

    [LoggerMessage(LogLevel.Warning, "{ScenarioSetId} lacks {Count} shards at the seal; they are generated again")]
    private static partial void LogMissing(ILogger log, Guid scenarioSetId, int count);

    [LoggerMessage(
        LogLevel.Information,
        "{Outcome}: {Name} version {Version}, {ScenarioSetId}, {Cells} cells, {ContentHash}"
    )]
    private static partial void LogSealed(
        ILogger log,
        string outcome,
        string name,
        int version,
        Guid scenarioSetId,
        long cells,
        string? contentHash
    );
}
