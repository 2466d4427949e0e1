using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Prometheus.Synthetic.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>
/// A publisher and consumer of another team: plain AMQP and plain JSON, none of our assemblies but the exchange names.
/// </summary>
public sealed class OtherTeam : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Channel<Heard> _heard = System.Threading.Channels.Channel.CreateUnbounded<Heard>();

    private OtherTeam(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<OtherTeam> JoinAsync(Uri rabbitMq, CancellationToken ct)
    {
        IConnection connection = await new ConnectionFactory { Uri = rabbitMq }.CreateConnectionAsync(ct);
        IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            ct
        );
        var team = new OtherTeam(connection, channel);
        foreach (ContractName name in ContractNames.All.Where(c => c.Direction != ContractDirection.Internal))
            await channel.ExchangeDeclareAsync(
                name.Exchange,
                ExchangeType.Fanout,
                durable: true,
                cancellationToken: ct
            );
        QueueDeclareOk queue = await channel.QueueDeclareAsync(cancellationToken: ct);
        foreach (ContractName name in ContractNames.All.Where(c => c.Direction == ContractDirection.Outbound))
            await channel.QueueBindAsync(queue.QueueName, name.Exchange, string.Empty, cancellationToken: ct);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            string body = Encoding.UTF8.GetString(delivery.Body.Span);
            team._heard.Writer.TryWrite(
                new Heard(
                    delivery.Exchange,
                    delivery.BasicProperties.MessageId,
                    JsonSerializer.Deserialize<JsonElement>(body)
                )
            );
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, ct);
        return team;
    }

    public Task PublishAsync<T>(string body, CancellationToken ct) =>
        PublishAsync<T>(Encoding.UTF8.GetBytes(body), new Envelope(), ct);

    /// <summary>Publishes any bytes with any properties, as a careless publisher would.</summary>
    public async Task PublishAsync<T>(ReadOnlyMemory<byte> body, Envelope envelope, CancellationToken ct) =>
        await _channel.BasicPublishAsync(
            ContractNames.Of<T>().Exchange,
            string.Empty,
            mandatory: true,
            new BasicProperties
            {
                ContentType = envelope.ContentType,
                DeliveryMode = DeliveryModes.Persistent,
                MessageId = envelope.MessageId?.ToString(),
                Headers = envelope.Headers,
            },
            body,
            ct
        );

    /// <inheritdoc cref="HearAsync{T}(CancellationToken, Func{JsonElement, bool})"/>
    /// <param name="about">Named when nothing comes.</param>
    public async Task<Heard> HearAsync<T>(string about, CancellationToken ct, Func<JsonElement, bool>? which = null)
    {
        try
        {
            return await HearAsync<T>(ct, which);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"No {typeof(T).Name} came for {about}.");
        }
    }

    /// <summary>The next message of a kind; everything else on the way is passed over.</summary>
    public async Task<Heard> HearAsync<T>(CancellationToken ct, Func<JsonElement, bool>? which = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        string exchange = ContractNames.Of<T>().Exchange;
        while (true)
        {
            Heard heard = await _heard.Reader.ReadAsync(patience.Token);
            if (heard.Exchange == exchange && (which is null || which(heard.Body)))
                return heard;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

/// <summary>What a publisher writes on a message.</summary>
public sealed record Envelope(
    Guid? MessageId = null,
    string? ContentType = "application/json",
    IDictionary<string, object?>? Headers = null
);

/// <param name="MessageId">The AMQP property as it came.</param>
public sealed record Heard(string Exchange, string? MessageId, JsonElement Body)
{
    public string Text(string member) => Body.GetProperty(member).GetString()!;
}
