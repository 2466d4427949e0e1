using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>
/// Declares every queue with its exchange before any endpoint consumes. Endpoints start side by side: without this, the
/// first message handled on a new broker could send a command to a queue that is not bound yet.
/// </summary>
public static class QueueDeclaration
{
    /// <summary>Waits for the broker as long as it takes.</summary>
    /// <param name="waiting">Told, once per reason, why it waits.</param>
    public static async Task DeclareAsync(Uri rabbitMq, TimeProvider time, Action<string> waiting, CancellationToken ct)
    {
        string? said = null;
        while (true)
        {
            try
            {
                await DeclareAsync(rabbitMq, ct);
                return;
            }
            catch (BrokerUnreachableException e)
            {
                string reason = $"the broker does not answer: {e.InnerException?.Message ?? e.Message}";
                if (reason != said)
                    waiting(reason);
                said = reason;
                await Task.Delay(TimeSpan.FromSeconds(2), time, ct);
            }
        }
    }

    private static async Task DeclareAsync(Uri rabbitMq, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "synthetic-topology" };
        await using IConnection connection = await factory.CreateConnectionAsync(ct);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var quorum = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" };
        foreach (string name in QueueNames.All)
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: ct);
            await channel.QueueDeclareAsync(
                name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                quorum,
                cancellationToken: ct
            );
            await channel.QueueBindAsync(name, name, string.Empty, cancellationToken: ct);
        }
    }
}
