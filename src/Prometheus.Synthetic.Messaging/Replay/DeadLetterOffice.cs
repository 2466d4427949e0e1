using System.Globalization;
using System.Text;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Messaging.Replay;

/// <summary>
/// Reads, replays and discards what lies in error and skipped queues. A message leaves its queue only when the broker
/// has confirmed it elsewhere and the deed is recorded; dying in between leaves it where it was, and replaying twice
/// is harmless.
/// </summary>
public sealed class DeadLetterOffice(Uri rabbitMq)
{
    private static readonly string[] Stripped = ["MT-Fault-", "MT-Reason", "MT-Redelivery-Count", "MT-Host-"];

    /// <summary>Messages that match, queue by queue, oldest first; none is moved.</summary>
    public Task<IReadOnlyList<DeadMessage>> BrowseAsync(DeadMessageFilter filter, CancellationToken ct) =>
        VisitAsync(filter, null, ct);

    /// <summary>Sends each match to the queue it came from, with its id, without the marks of its failure.</summary>
    /// <param name="record">Called when the broker has the copy and before the original goes.</param>
    public Task<IReadOnlyList<DeadMessage>> ReplayAsync(
        DeadMessageFilter filter,
        string actor,
        Func<DeadMessage, Task> record,
        CancellationToken ct
    ) =>
        VisitAsync(
            filter,
            async (channel, message, delivered) =>
            {
                BasicProperties properties = Clean(delivered.BasicProperties);
                properties.Headers![ReplayHeader.Name] = actor;
                // Confirmed and mandatory: this returns when the queue has it, and throws when no queue would.
                await channel.BasicPublishAsync(
                    message.SourceQueue,
                    string.Empty,
                    mandatory: true,
                    properties,
                    delivered.Body,
                    ct
                );
                await record(message);
            },
            ct
        );

    /// <summary>Throws each match away.</summary>
    /// <param name="record">Called before the message goes; what it writes is all that stays of it.</param>
    public Task<IReadOnlyList<DeadMessage>> DiscardAsync(
        DeadMessageFilter filter,
        Func<DeadMessage, Task> record,
        CancellationToken ct
    ) => VisitAsync(filter, (_, message, _) => record(message), ct);

    private async Task<IReadOnlyList<DeadMessage>> VisitAsync(
        DeadMessageFilter filter,
        Func<IChannel, DeadMessage, BasicGetResult, Task>? act,
        CancellationToken ct
    )
    {
        var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "synthetic-messages" };
        await using IConnection connection = await factory.CreateConnectionAsync(ct);
        var found = new List<DeadMessage>();
        foreach (string source in QueueNames.All)
        {
            foreach (string suffix in new[] { QueueNames.ErrorSuffix, QueueNames.SkippedSuffix })
                await VisitQueueAsync(connection, source, source + suffix, filter, act, found, ct);
        }

        return found;
    }

    private static async Task VisitQueueAsync(
        IConnection connection,
        string source,
        string dead,
        DeadMessageFilter filter,
        Func<IChannel, DeadMessage, BasicGetResult, Task>? act,
        List<DeadMessage> found,
        CancellationToken ct
    )
    {
        await using IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            ct
        );
        try
        {
            uint count = (await channel.QueueDeclarePassiveAsync(dead, ct)).MessageCount;
            // What is passed over stays unacknowledged until the channel closes, and is then back in its place.
            for (uint i = 0; i < count && await channel.BasicGetAsync(dead, autoAck: false, ct) is { } delivered; i++)
            {
                DeadMessage message = Read(source, dead, delivered);
                if (!filter.Matches(message))
                    continue;
                found.Add(message);
                if (act is null)
                    continue;
                await act(channel, message, delivered);
                await channel.BasicAckAsync(delivered.DeliveryTag, multiple: false, ct);
            }
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            // No message ever failed there.
        }
    }

    private static DeadMessage Read(string source, string dead, BasicGetResult delivered)
    {
        IReadOnlyBasicProperties p = delivered.BasicProperties;
        return new DeadMessage(
            dead,
            source,
            TypeOf(source, p),
            p.MessageId,
            Header(p, "MT-Fault-ExceptionType") ?? string.Empty,
            Header(p, "MT-Fault-Message") ?? Header(p, "MT-Reason") ?? string.Empty,
            DateTimeOffset.TryParse(
                Header(p, "MT-Fault-Timestamp"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTimeOffset at
            )
                ? at
                : null,
            p.ContentType,
            delivered.Body.ToArray()
        );
    }

    private static string TypeOf(string source, IReadOnlyBasicProperties properties)
    {
        if (Header(properties, "MT-Fault-MessageType") is { } urn && ContractNames.FindByUrn(urn) is { } known)
            return known.Type.Name;
        foreach (string part in (Header(properties, "MT-MessageType") ?? string.Empty).Split(';'))
        {
            if (ContractNames.FindByUrn(part.Trim()) is { } contract)
                return contract.Type.Name;
        }

        return source switch
        {
            QueueNames.FragilityComputed => nameof(FragilityComputed),
            QueueNames.MonthlyRefreshDue => nameof(MonthlyRefreshDue),
            QueueNames.GenerateScenarioSet => nameof(GenerateScenarioSet),
            QueueNames.PlanInteractive or QueueNames.PlanBatch => nameof(PlanScenarioSet),
            QueueNames.ShardsInteractive or QueueNames.ShardsBatch => nameof(GenerateShard),
            QueueNames.Seal => nameof(SealScenarioSet),
            QueueNames.Cancel => nameof(CancelScenarioSetGeneration),
            _ => string.Empty,
        };
    }

    private static BasicProperties Clean(IReadOnlyBasicProperties properties)
    {
        var clean = new BasicProperties(properties) { DeliveryMode = DeliveryModes.Persistent };
        clean.Headers = (properties.Headers ?? new Dictionary<string, object?>())
            .Where(h =>
                !Stripped.Any(s => h.Key.StartsWith(s, StringComparison.OrdinalIgnoreCase))
                && !h.Key.StartsWith("x-d", StringComparison.Ordinal)
            )
            .ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal);
        return clean;
    }

    private static string? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out object? value) != true
            ? null
            : value switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                null => null,
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
}
