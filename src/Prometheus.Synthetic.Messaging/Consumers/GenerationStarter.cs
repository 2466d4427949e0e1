using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.Inspection;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The way into the saga: a request is checked first, and a refusal leaves nothing but its event.</summary>
public sealed partial class GenerationStarter(
    RequestResolver resolver,
    SagaStatusReader sagas,
    ScenarioSetStore sets,
    TimeProvider time,
    ILogger<GenerationStarter> log
)
{
    /// <param name="causationId">Id of the message that asks.</param>
    /// <returns>Id of the request.</returns>
    /// <exception cref="ScenarioRefusedException">The request is wrong.</exception>
    public async Task<Guid> StartAsync(
        ConsumeContext context,
        GenerateScenarioSet request,
        Guid causationId,
        string lane
    )
    {
        ResolvedRequest resolved = resolver.Resolve(Requests.ToEngine(request, causationId));
        await Outgoing.DispatchAsync(
            context,
            new StartScenarioSetGeneration
            {
                RequestId = resolved.RequestId,
                Request = request,
                RequestedBy = request.RequestedBy ?? "system",
                CausationMessageId = causationId,
                Lane = lane,
                RetryOfAttempt = await EndedAttemptAsync(resolved.RequestId, context.CancellationToken),
            }
        );
        return resolved.RequestId;
    }

    /// <summary>The attempt that ended without a set, or whose set was deleted since: who asks again wants another.</summary>
    private async Task<int?> EndedAttemptAsync(Guid requestId, CancellationToken ct)
    {
        GenerationProgress? state = (await sagas.GenerationAsync(requestId, ct))?.Progress;
        return state?.Stage switch
        {
            GenerationStage.Failed or GenerationStage.Cancelled => state.Attempt,
            GenerationStage.Completed
                when await sets.FindAsync(state.ScenarioSetId!.Value, ct) is { Status: ScenarioSetStatus.Deleted } =>
                state.Attempt,
            _ => null,
        };
    }

    /// <summary>Publishes why a message was refused.</summary>
    public async Task RefuseAsync(
        ConsumeContext context,
        GenerateScenarioSet request,
        Guid causationId,
        ScenarioRefusedException refused
    )
    {
        LogRefused(log, causationId, refused.Message);
        await Outgoing.DispatchAsync(
            context,
            new ScenarioSetGenerationFailed
            {
                RequestId = NameBasedGuid.Create($"refused:{causationId:N}"),
                Name = request.Name,
                Category = request.Category,
                Markets = request.Markets ?? [],
                AsOfDate = request.AsOfDate,
                Attempt = 0,
                State = FailureStates.Refused,
                Errors = [.. refused.Errors.Select(Requests.ToWire)],
                FailedAt = time.GetUtcNow(),
                Retryable = false,
            }
        );
    }

    [LoggerMessage(LogLevel.Warning, "Refused message {MessageId}: {Errors}")]
    private static partial void LogRefused(ILogger log, Guid messageId, string errors);
}
