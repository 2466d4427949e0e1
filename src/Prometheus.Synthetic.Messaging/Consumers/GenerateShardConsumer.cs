using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Generation;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Generates and stores one shard. A shard that cannot be generated fails its set, never the worker.</summary>
public sealed partial class GenerateShardConsumer(
    ShardGenerator generator,
    ScenarioSetStore sets,
    GenerationFailure failure,
    ILogger<GenerateShardConsumer> log
) : IConsumer<GenerateShard>
{
    public async Task Consume(ConsumeContext<GenerateShard> context)
    {
        GenerateShard command = context.Message;
        ScenarioSetDocument? set = await sets.FindAsync(command.ScenarioSetId, context.CancellationToken);
        if (set is null || set.Status is ScenarioSetStatus.Failed or ScenarioSetStatus.Cancelled)
        {
            LogStale(log, command.ScenarioSetId, command.Shard);
            return;
        }

        StoreOutcome outcome;
        try
        {
            outcome = await generator.GenerateAsync(set, command.Shard, context.CancellationToken);
        }
        catch (Exception e) when (!Transient.Is(e))
        {
            await failure.StopAsync(context, command.RequestId, set.Id, set.Attempt, GenerationStages.Generating, e);
            return;
        }

        if (outcome == StoreOutcome.NotGenerating)
        {
            LogStale(log, command.ScenarioSetId, command.Shard);
            return;
        }

        await Outgoing.DispatchAsync(
            context,
            new ShardGenerated
            {
                RequestId = command.RequestId,
                ScenarioSetId = command.ScenarioSetId,
                Attempt = command.Attempt,
                Shard = command.Shard,
                FirstPath = command.FirstPath,
                PathCount = command.PathCount,
                Lane = command.Lane,
                AlreadyStored = outcome == StoreOutcome.AlreadyStored,
            }
        );
    }

    [LoggerMessage(LogLevel.Information, "Shard {Shard} of {ScenarioSetId} is no longer wanted")]
    private static partial void LogStale(ILogger log, Guid scenarioSetId, int shard);
}
