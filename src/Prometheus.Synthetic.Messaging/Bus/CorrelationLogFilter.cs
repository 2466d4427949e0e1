using MassTransit;
using Microsoft.Extensions.Logging;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>Puts the ids of the message being handled into every log line of its handling.</summary>
public sealed class CorrelationLogFilter<T>(ILogger<CorrelationLogFilter<T>> log) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        var scope = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["CorrelationId"] = Outgoing.RequestIdOf(context.Message) ?? context.CorrelationId ?? context.MessageId,
            ["MessageId"] = context.MessageId,
            ["MessageType"] = typeof(T).Name,
        };
        using (log.BeginScope(scope))
            await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("correlation-log");
}
