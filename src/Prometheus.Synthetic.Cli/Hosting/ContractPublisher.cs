using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Services;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>
/// Publishes as any other team would: plain JSON to the contract's exchange, persistent, mandatory and confirmed, so that
/// a message is known to lie in a queue when the call returns.
/// </summary>
public sealed class ContractPublisher : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private ContractPublisher(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    /// <exception cref="ServiceMissingException">The broker does not answer.</exception>
    public static async Task<ContractPublisher> ConnectAsync(Uri rabbitMq, CancellationToken ct)
    {
        try
        {
            var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "synthetic-cli" };
            IConnection connection = await factory.CreateConnectionAsync(ct);
            IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(
                    publisherConfirmationsEnabled: true,
                    publisherConfirmationTrackingEnabled: true
                ),
                ct
            );
            return new(connection, channel);
        }
        catch (BrokerUnreachableException e)
        {
            throw new ServiceMissingException(
                $"RabbitMQ does not answer at {rabbitMq.Host}:{rabbitMq.Port}: {e.InnerException?.Message ?? e.Message}",
                e
            );
        }
    }

    /// <returns>False when no queue is bound to the exchange: nobody will ever read the message.</returns>
    public async Task<bool> PublishAsync(
        ContractName contract,
        ReadOnlyMemory<byte> body,
        Guid messageId,
        CancellationToken ct
    )
    {
        await _channel.ExchangeDeclareAsync(
            contract.Exchange,
            ExchangeType.Fanout,
            durable: true,
            cancellationToken: ct
        );
        try
        {
            await _channel.BasicPublishAsync(
                contract.Exchange,
                routingKey: string.Empty,
                mandatory: true,
                new BasicProperties
                {
                    ContentType = ContractNames.ContentType,
                    DeliveryMode = DeliveryModes.Persistent,
                    MessageId = messageId.ToString(),
                },
                body,
                ct
            );
            return true;
        }
        catch (PublishException e) when (e.IsReturn)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
