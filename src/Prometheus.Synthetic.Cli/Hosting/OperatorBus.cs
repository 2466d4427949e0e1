using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>The bus as an operator's command uses it: it publishes, and watches one request on a queue of its own.</summary>
public sealed class OperatorBus : IAsyncDisposable
{
    private readonly IBusControl _bus;
    private readonly ConcurrentDictionary<Guid, GenerationWatch> _watches;

    private OperatorBus(IBusControl bus, ConcurrentDictionary<Guid, GenerationWatch> watches)
    {
        _bus = bus;
        _watches = watches;
    }

    public static async Task<OperatorBus> StartAsync(Uri rabbitMq, CancellationToken ct)
    {
        var watches = new ConcurrentDictionary<Guid, GenerationWatch>();
        IBusControl bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            SyntheticBus.Wire(rabbit, new BusOptions { RabbitMq = rabbitMq });
            rabbit.ReceiveEndpoint(
                new TemporaryEndpointDefinition("synthetic-cli"),
                endpoint =>
                {
                    endpoint.Handler<ScenarioSetProgressed>(c => Tell(watches, c.Message.RequestId, c.Message));
                    endpoint.Handler<ScenarioSetGenerated>(c => Tell(watches, c.Message.RequestId, c.Message));
                    endpoint.Handler<ScenarioSetGenerationFailed>(c => Tell(watches, c.Message.RequestId, c.Message));
                }
            );
        });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await bus.StartAsync(patience.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            throw new Services.ServiceMissingException(
                $"RabbitMQ does not answer at {rabbitMq.Host}:{rabbitMq.Port}: {e.Message}",
                e
            );
        }

        return new OperatorBus(bus, watches);
    }

    /// <summary>Publishes a message of the contract with its id; returns when the broker has confirmed it.</summary>
    public Task PublishAsync<T>(T message, Guid messageId, CancellationToken ct)
        where T : class => _bus.Publish(message, context => context.MessageId = messageId, ct);

    /// <summary>Sends one of our own messages where it belongs, with its derived id.</summary>
    public async Task DispatchAsync(object message, CancellationToken ct)
    {
        void Stamp(SendContext send)
        {
            send.MessageId = MessageIds.Of(message);
            send.CorrelationId = Outgoing.RequestIdOf(message);
        }

        if (Outgoing.QueueOf(message) is { } queue)
        {
            ISendEndpoint endpoint = await _bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
            await endpoint.Send(message, message.GetType(), Pipe.Execute<SendContext>(Stamp), ct);
        }
        else
            await _bus.Publish(message, message.GetType(), Pipe.Execute<PublishContext>(Stamp), ct);
    }

    /// <summary>Watches what becomes of a request. Register before publishing.</summary>
    public GenerationWatch Watch(Guid requestId) => _watches.GetOrAdd(requestId, _ => new GenerationWatch());

    public async ValueTask DisposeAsync() => await _bus.StopAsync(CancellationToken.None);

    private static Task Tell(ConcurrentDictionary<Guid, GenerationWatch> watches, Guid requestId, object message)
    {
        if (watches.TryGetValue(requestId, out GenerationWatch? watch))
            watch.Tell(message);
        return Task.CompletedTask;
    }
}

/// <summary>The events of one request, in the order they arrive.</summary>
public sealed class GenerationWatch : IDisposable
{
    private readonly Channel<object> _events = Channel.CreateUnbounded<object>();

    internal void Tell(object message) => _events.Writer.TryWrite(message);

    /// <summary>Waits for the end of the request, reporting progress.</summary>
    /// <exception cref="ScenarioRefusedException">It failed; the errors are the event's.</exception>
    public async Task<ScenarioSetGenerated> CompletionAsync(
        IProgress<GenerationProgress> progress,
        CancellationToken ct
    )
    {
        await foreach (object message in _events.Reader.ReadAllAsync(ct))
        {
            switch (message)
            {
                case ScenarioSetProgressed p:
                    progress.Report(
                        new GenerationProgress(p.Stage.ToLowerInvariant(), p.ScenarioSetId, p.ShardsDone, p.ShardsTotal)
                    );
                    break;
                case ScenarioSetGenerationFailed failed:
                    throw new ScenarioRefusedException([
                        .. failed.Errors.Select(e => new FieldError(e.Code, e.Field, e.Message)),
                    ]);
                case ScenarioSetGenerated generated:
                    return generated;
                default:
                    break;
            }
        }

        throw new InvalidOperationException("The bus closed before the request ended.");
    }

    public void Dispose() => _events.Writer.TryComplete();
}
