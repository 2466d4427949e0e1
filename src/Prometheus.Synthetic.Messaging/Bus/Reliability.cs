using MassTransit;
using MassTransit.Middleware;
using Prometheus.Synthetic.Messaging.Consumers;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>
/// What every endpoint does about failure. A failure that goes away by itself (database, network, a stopping worker)
/// never ends in the error queue: it is tried for twenty minutes, then given back to the broker, and so on for as long
/// as it lasts. Anything else is kept in the error queue at once, for a person.
/// </summary>
public static class Reliability
{
    public const int SagaConcurrency = 16;

    // 0.2 s doubling to 15 s: about twenty minutes, well within the broker's thirty for an unacknowledged message.
    private const int Retries = 85;

    public static void Apply(IReceiveEndpointConfigurator endpoint, IRegistrationContext context, int concurrency)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            // As many as are worked on: a buffered message would wait in a busy worker while another is idle.
            rabbit.PrefetchCount = concurrency;
        }

        endpoint.ConcurrentMessageLimit = concurrency;
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new HandBackFilter());
            pipe.UseFilter(new GenerateFaultFilter());
            pipe.UseFilter(new ErrorTransportFilter());
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(Transient.Is);
            retry.Exponential(
                Retries,
                TimeSpan.FromMilliseconds(200),
                TimeSpan.FromSeconds(15),
                TimeSpan.FromMilliseconds(300)
            );
        });
        endpoint.UseConsumeFilter(typeof(CorrelationLogFilter<>), context);
        endpoint.UseInMemoryOutbox(context);
    }

    /// <summary>Gives a message that failed for a passing reason back to its queue.</summary>
    private sealed class HandBackFilter : IFilter<ExceptionReceiveContext>
    {
        public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
            Transient.Is(context.Exception)
                // Thrown from here, the failure makes the transport return the message instead of acknowledging it.
                ? Task.FromException(context.Exception)
                : next.Send(context);

        public void Probe(ProbeContext context) => context.CreateFilterScope("hand-back");
    }
}
