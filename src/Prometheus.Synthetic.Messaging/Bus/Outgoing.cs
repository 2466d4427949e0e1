using MassTransit;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>Where each message goes: commands to their queue, events to their exchange; all with their derived id.</summary>
public static class Outgoing
{
    /// <summary>The queue of a command; null for an event, which is published.</summary>
    public static string? QueueOf(object message) =>
        message switch
        {
            StartScenarioSetGeneration => QueueNames.Generation,
            StartMonthlyRefresh => QueueNames.MonthlyRefresh,
            StartFragilityRefresh => QueueNames.FragilityRefresh,
            PlanScenarioSet { Lane: Lanes.Interactive } => QueueNames.PlanInteractive,
            PlanScenarioSet => QueueNames.PlanBatch,
            GenerateShard { Lane: Lanes.Interactive } => QueueNames.ShardsInteractive,
            GenerateShard => QueueNames.ShardsBatch,
            SealScenarioSet => QueueNames.Seal,
            CancelScenarioSetGeneration => QueueNames.Cancel,
            _ => null,
        };

    /// <summary>The request a message belongs to, for correlation.</summary>
    public static Guid? RequestIdOf(object message) =>
        message switch
        {
            StartScenarioSetGeneration m => m.RequestId,
            PlanScenarioSet m => m.RequestId,
            ScenarioSetPlanned m => m.RequestId,
            GenerateShard m => m.RequestId,
            ShardGenerated m => m.RequestId,
            SealScenarioSet m => m.RequestId,
            ScenarioSetGenerated m => m.RequestId,
            ScenarioSetGenerationStopped m => m.RequestId,
            ScenarioSetGenerationFailed m => m.RequestId,
            ScenarioSetProgressed m => m.RequestId,
            CancelScenarioSetGeneration m => m.RequestId,
            StartMonthlyRefresh m => m.RefreshId,
            StartFragilityRefresh m => m.RefreshId,
            RefreshPartEnded m => m.RefreshId,
            CancelRefresh m => m.RefreshId,
            MonthlyRefreshCompleted m => m.RefreshId,
            FragilityRefreshCompleted m => m.RefreshId,
            _ => null,
        };

    /// <summary>Sends or publishes from within a consumer or saga (held back by its outbox until the state is saved).</summary>
    public static async Task DispatchAsync(ConsumeContext context, object message)
    {
        void Stamp(SendContext send)
        {
            send.MessageId = MessageIds.Of(message);
            send.CorrelationId = RequestIdOf(message);
        }

        if (QueueOf(message) is { } queue)
        {
            // By the exchange of the queue: addressing the queue would declare it again, with other arguments.
            ISendEndpoint endpoint = await context.GetSendEndpoint(new Uri($"exchange:{queue}"));
            await endpoint.Send(
                message,
                message.GetType(),
                Pipe.Execute<SendContext>(Stamp),
                context.CancellationToken
            );
        }
        else
        {
            await context.Publish(
                message,
                message.GetType(),
                Pipe.Execute<PublishContext>(Stamp),
                context.CancellationToken
            );
        }
    }
}
