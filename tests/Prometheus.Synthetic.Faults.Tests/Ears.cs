using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>What another team was told.</summary>
/// <param name="Name">Of the set; empty for events that have none.</param>
public sealed record Heard(string Exchange, string MessageId, string Name);

/// <summary>A consumer of another team, with a durable queue that outlives the broker's restarts.</summary>
internal sealed class Ears(Func<Task<IConnection>> connect)
{
    private const string Queue = "faults.ears";

    private readonly List<Heard> _heard = [];

    /// <summary>All that was heard so far, in order.</summary>
    public IReadOnlyList<Heard> All => _heard;

    public async Task DeclareAsync()
    {
        await using IConnection connection = await connect();
        await using IChannel channel = await connection.CreateChannelAsync();
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, quorum);
        foreach (
            Type type in new[]
            {
                typeof(ScenarioSetGenerated),
                typeof(ScenarioSetGenerationFailed),
                typeof(MonthlyRefreshCompleted),
                typeof(FragilityRefreshCompleted),
            }
        )
        {
            string exchange = ContractNames.Of(type).Exchange;
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
            await channel.QueueBindAsync(Queue, exchange, string.Empty);
        }
    }

    /// <summary>Takes in what came since.</summary>
    public async Task HearAsync(CancellationToken ct)
    {
        await using IConnection connection = await connect();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
        while (await channel.BasicGetAsync(Queue, autoAck: true, ct) is { } message)
        {
            JsonElement body = JsonSerializer.Deserialize<JsonElement>(message.Body.Span);
            _heard.Add(
                new Heard(
                    message.Exchange,
                    message.BasicProperties.MessageId!,
                    body.TryGetProperty("name", out JsonElement name) ? name.GetString()! : string.Empty
                )
            );
        }
    }
}
