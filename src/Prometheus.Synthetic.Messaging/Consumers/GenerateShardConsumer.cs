using System.Globalization;
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
    /// <summary>Deliveries of one shard after which its set is given up.</summary>
    public const int MaxDeliveries = 15;

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
            Refuse(Deliveries(context), command);
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

    /// <summary>How often the broker has taken the message back from a consumer that died or gave it back.</summary>
    private static long Deliveries(ConsumeContext context) =>
        context.ReceiveContext.TransportHeaders.TryGetHeader("x-delivery-count", out object? count)
            ? Convert.ToInt64(count, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>A shard that takes its worker down each time fails its set instead of all workers, one after the other.</summary>
    private static void Refuse(long deliveries, GenerateShard command)
    {
        if (deliveries >= MaxDeliveries)
            throw new PoisonShardException(
                $"shard {command.Shard} ended {deliveries} deliveries without a result; its worker died or gave it back each time"
            );
    }

    [LoggerMessage(LogLevel.Information, "Shard {Shard} of {ScenarioSetId} is no longer wanted")]
    private static partial void LogStale(ILogger log, Guid scenarioSetId, int shard);
}

/// <summary>A shard that no worker survives.</summary>
public sealed class PoisonShardException(string message) : Exception(message);
