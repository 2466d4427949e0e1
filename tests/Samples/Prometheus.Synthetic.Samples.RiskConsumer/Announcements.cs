using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Prometheus.Synthetic.Samples.RiskConsumer;

/// <summary>Announcements of sealed sets, straight from the broker.</summary>
public sealed class Announcements : IAsyncDisposable
{
    private const string Exchange = "prometheus.scenario-set-generated";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Channel<(ulong Tag, string? MessageId, JsonElement Set)> _arrived =
        System.Threading.Channels.Channel.CreateUnbounded<(ulong, string?, JsonElement)>();

    private Announcements(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    /// <param name="queue">
    /// A durable queue, which keeps what comes while nobody listens; null for one that goes with this process.
    /// </param>
    public static async Task<Announcements> SubscribeAsync(Uri rabbitMq, string? queue, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "risk-consumer" };
        IConnection connection = await factory.CreateConnectionAsync(ct);
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var announcements = new Announcements(connection, channel);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Fanout, durable: true, cancellationToken: ct);
        QueueDeclareOk declared = queue is null
            ? await channel.QueueDeclareAsync(cancellationToken: ct)
            : await channel.QueueDeclareAsync(
                queue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "quorum" },
                cancellationToken: ct
            );
        await channel.QueueBindAsync(declared.QueueName, Exchange, string.Empty, cancellationToken: ct);
        await channel.BasicQosAsync(0, prefetchCount: 1, global: false, ct);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The body belongs to the client library and is gone when this returns.
            var set = JsonSerializer.Deserialize<JsonElement>(delivery.Body.Span);
            announcements._arrived.Writer.TryWrite((delivery.DeliveryTag, delivery.BasicProperties.MessageId, set));
            return Task.CompletedTask;
        };
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            announcements._arrived.Writer.TryComplete(new IOException($"the broker closed: {reason.ReplyText}"));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(declared.QueueName, autoAck: false, consumer, ct);
        return announcements;
    }

    /// <summary>
    /// Each announcement once: delivery is at least once, and a repeated one carries the same message id. It is
    /// acknowledged when the loop asks for the next, so a crash before that brings it again.
    /// </summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach ((ulong tag, string? id, JsonElement set) in _arrived.Reader.ReadAllAsync(ct))
        {
            if (id is null || seen.Add(id))
                yield return set;
            await _channel.BasicAckAsync(tag, multiple: false, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
