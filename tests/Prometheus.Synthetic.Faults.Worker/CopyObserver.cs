using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Faults.Worker;

/// <summary>Sends up to four more copies of each message of its own id, each after a delay of its own, so that order is lost too.</summary>
public sealed class Copier(int seed, IServiceProvider services)
{
    private const string Mark = "x-fault-copy";
    private readonly Random _random = new(seed);
    private readonly HashSet<(Type, Guid?)> _copied = [];

    public void After<T>(SendContext<T> context)
        where T : class
    {
        if (ContractNames.Find(typeof(T)) is null || context.Headers.TryGetHeader(Mark, out _))
            return;
        T message = context.Message;
        Guid? id = context.MessageId;
        Uri destination = context.DestinationAddress!;
        int copies;
        TimeSpan[] delays;
        lock (_random)
        {
            // A handler that is told again sends again; copying that too would multiply without end.
            if (!_copied.Add((typeof(T), id)))
                return;
            copies = _random.Next(0, 5);
            delays = [.. Enumerable.Range(0, copies).Select(_ => TimeSpan.FromMilliseconds(_random.Next(0, 1_500)))];
        }

        foreach (TimeSpan delay in delays)
            _ = SendAsync(message, id, destination, delay);
    }

    private async Task SendAsync<T>(T message, Guid? id, Uri destination, TimeSpan delay)
        where T : class
    {
        await Task.Delay(delay);
        ISendEndpoint endpoint = await services
            .GetRequiredService<IBus>()
            .GetSendEndpoint(new Uri($"exchange:{destination.AbsolutePath.Split('/')[^1]}"));
        await endpoint.Send(
            message,
            context =>
            {
                context.MessageId = id;
                context.Headers.Set(Mark, "1");
            }
        );
    }
}

public sealed class CopyObserver(Copier copier) : ISendObserver, IPublishObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class
    {
        copier.After(context);
        return Task.CompletedTask;
    }

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        copier.After(context);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
