using MassTransit;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Ends a generation that cannot succeed: rows removed, record kept, the saga told why.</summary>
public sealed partial class GenerationFailure(ScenarioSetStore sets, TimeProvider time, ILogger<GenerationFailure> log)
{
    public async Task StopAsync(
        ConsumeContext context,
        Guid requestId,
        Guid? scenarioSetId,
        int attempt,
        string stage,
        Exception cause
    )
    {
        FieldError[] errors = cause is ScenarioRefusedException refused
            ? [.. refused.Errors]
            : [new FieldError("internal", stage, $"{cause.GetType().Name}: {cause.Message}")];
        LogStopped(
            log,
            requestId,
            stage,
            cause is ScenarioRefusedException ? null : cause,
            string.Join("; ", errors.Select(e => e.ToString()))
        );
        if (scenarioSetId is { } id)
            await sets.AbandonAsync(id, ScenarioSetStatus.Failed, errors, context.CancellationToken);
        await Outgoing.DispatchAsync(
            context,
            new ScenarioSetGenerationStopped
            {
                RequestId = requestId,
                ScenarioSetId = scenarioSetId,
                Attempt = attempt,
                Stage = stage,
                State = FailureStates.Failed,
                Errors = [.. errors.Select(Requests.ToWire)],
                Retryable = false,
                OccurredAt = time.GetUtcNow(),
            }
        );
    }

    [LoggerMessage(LogLevel.Error, "Generation {RequestId} stopped while {Stage}: {Errors}")]
    private static partial void LogStopped(ILogger log, Guid requestId, string stage, Exception? cause, string errors);
}
