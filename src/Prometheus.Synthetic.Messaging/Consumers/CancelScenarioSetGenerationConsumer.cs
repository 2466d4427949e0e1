using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Cancels a running generation; a sealed set stays.</summary>
public sealed class CancelScenarioSetGenerationConsumer(
    ScenarioSetStore sets,
    SagaStatusReader sagas,
    TimeProvider time
) : IConsumer<CancelScenarioSetGeneration>
{
    public async Task Consume(ConsumeContext<CancelScenarioSetGeneration> context)
    {
        CancelScenarioSetGeneration command = context.Message;
        ScenarioSetDocument? set = await sets.FindByRequestAsync(command.RequestId, context.CancellationToken);
        if (set?.Status is ScenarioSetStatus.Sealed or ScenarioSetStatus.Evicted or ScenarioSetStatus.Deleted)
            return;
        var error = new FieldError(
            "cancelled",
            string.Empty,
            $"{command.RequestedBy} cancelled the generation: {command.Reason}"
        );
        GenerationProgress? running = (
            await sagas.GenerationAsync(command.RequestId, context.CancellationToken)
        )?.Progress;
        if (command.CausationMessageId is { } cause && running is not null && running.Start.CausationMessageId != cause)
            return;
        int attempt = Math.Max(running?.Attempt ?? 1, set?.Attempt ?? 1);
        if (set is { Status: ScenarioSetStatus.Generating })
        {
            set = await sets.AbandonAsync(set.Id, ScenarioSetStatus.Cancelled, [error], context.CancellationToken);
            if (set?.Status == ScenarioSetStatus.Sealed)
                return;
            attempt = set?.Attempt ?? attempt;
        }

        await Outgoing.DispatchAsync(
            context,
            new ScenarioSetGenerationStopped
            {
                RequestId = command.RequestId,
                ScenarioSetId = set?.Id,
                Attempt = attempt,
                Stage = GenerationStages.Generating,
                State = FailureStates.Cancelled,
                Errors = [Requests.ToWire(error)],
                Retryable = true,
                OccurredAt = time.GetUtcNow(),
            }
        );
    }
}
