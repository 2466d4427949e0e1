using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Hashing;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The way into the saga: a request is checked first, and a refusal leaves nothing but its event.</summary>
public sealed partial class GenerationStarter(
    RequestResolver resolver,
    TimeProvider time,
    ILogger<GenerationStarter> log
)
{
    /// <param name="causationId">Id of the message that asks.</param>
    public async Task StartAsync(ConsumeContext context, GenerateScenarioSet request, Guid causationId, string lane)
    {
        try
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
                }
            );
        }
        catch (ScenarioRefusedException refused)
        {
            await RefuseAsync(context, request, causationId, refused);
        }
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
                Attempt = 1,
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
