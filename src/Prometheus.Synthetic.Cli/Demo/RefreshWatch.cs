using System.Text.Json;
using System.Threading.Channels;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Scenarios.Errors;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Prometheus.Synthetic.Cli.Demo;

/// <summary>What the engine publishes about the baseline of one market, on a queue that goes with this process.</summary>
internal sealed class RefreshWatch : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Channel<(string Exchange, byte[] Body)> _events =
        System.Threading.Channels.Channel.CreateUnbounded<(string, byte[])>();

    private RefreshWatch(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<RefreshWatch> StartAsync(Uri rabbitMq, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "synthetic-demo" };
        IConnection connection = await factory.CreateConnectionAsync(ct);
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var watch = new RefreshWatch(connection, channel);
        QueueDeclareOk queue = await channel.QueueDeclareAsync(cancellationToken: ct);
        foreach (ContractName contract in ContractNames.All.Where(c => c.Direction == ContractDirection.Outbound))
        {
            await channel.ExchangeDeclareAsync(
                contract.Exchange,
                ExchangeType.Fanout,
                durable: true,
                cancellationToken: ct
            );
            await channel.QueueBindAsync(queue.QueueName, contract.Exchange, string.Empty, cancellationToken: ct);
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // The body belongs to the client library and is gone when this returns.
            watch._events.Writer.TryWrite((delivery.Exchange, delivery.Body.ToArray()));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, ct);
        return watch;
    }

    /// <summary>Horizon of the baseline that the demo shows; the refresh makes others beside it.</summary>
    public const int BaselineDays = 30;

    /// <summary>Waits for the market's bootstrap set of <see cref="BaselineDays"/> as of a date.</summary>
    /// <exception cref="ScenarioRefusedException">The market's generation failed; the errors are the event's.</exception>
    public async Task<ScenarioSetGenerated> BaselineAsync(
        string market,
        DateOnly asOf,
        IProgress<GenerationProgress> progress,
        CancellationToken ct
    )
    {
        await foreach ((string exchange, byte[] body) in _events.Reader.ReadAllAsync(ct))
        {
            switch (ContractNames.FindByExchange(exchange)?.Type.Name)
            {
                case nameof(ScenarioSetProgressed):
                    ScenarioSetProgressed p = Read<ScenarioSetProgressed>(body);
                    // A refresh makes several sets at once.
                    string stage = $"{p.Name}: {p.Stage.ToLowerInvariant()}";
                    progress.Report(new(stage, p.ScenarioSetId, p.ShardsDone, p.ShardsTotal));
                    break;
                case nameof(ScenarioSetGenerationFailed):
                    ScenarioSetGenerationFailed failed = Read<ScenarioSetGenerationFailed>(body);
                    // Other parts of the refresh may fall short, as factors do on a panel of prices alone.
                    if (
                        failed.Markets.Contains(market, StringComparer.Ordinal)
                        && failed.Category is null or ScenarioCategories.Bootstrap
                    )
                        throw new ScenarioRefusedException([
                            .. failed.Errors.Select(e => new FieldError(e.Code, e.Field, e.Message)),
                        ]);
                    break;
                case nameof(ScenarioSetGenerated):
                    ScenarioSetGenerated done = Read<ScenarioSetGenerated>(body);
                    if (
                        done.Category == ScenarioCategories.Bootstrap
                        && done.HorizonDays == BaselineDays
                        && done.AsOfDate == asOf
                        && done.Markets.Contains(market, StringComparer.Ordinal)
                    )
                        return done;
                    break;
                default:
                    break;
            }
        }

        throw new InvalidOperationException("The broker closed before the set was announced.");
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static T Read<T>(byte[] body) => JsonSerializer.Deserialize<T>(body, ContractJson.Options)!;
}
