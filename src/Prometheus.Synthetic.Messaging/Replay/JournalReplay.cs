using System.Text;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Storage.Journal;
using RabbitMQ.Client;

namespace Prometheus.Synthetic.Messaging.Replay;

/// <summary>
/// Publishes events of other teams again from the journal, in the order in which they first came, each under its own
/// id: what was made is announced again, what is missing is made.
/// </summary>
public sealed class JournalReplay(MessageJournal journal, Uri rabbitMq)
{
    /// <summary>Events that a replay of the time would publish.</summary>
    /// <exception cref="ScenarioRefusedException">The type is none that other teams send.</exception>
    public Task<IReadOnlyList<JournalEntry>> SelectAsync(
        DateTimeOffset from,
        DateTimeOffset to,
        string? type,
        CancellationToken ct
    )
    {
        string[] inbound =
        [
            .. ContractNames.All.Where(c => c.Direction == ContractDirection.Inbound).Select(c => c.Type.Name),
        ];
        if (type is not null && !inbound.Contains(type, StringComparer.Ordinal))
            throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                "--type",
                $"'{type}' is no event that other teams send; there are {string.Join(", ", inbound)}{Spelling.Suggest(type, inbound)}"
            );
        if (from >= to)
            throw new ScenarioRefusedException(
                ErrorCodes.InvalidDates,
                "--to",
                "is not after --from; swap or widen them"
            );
        return journal.FindAsync(
            new JournalFilter(
                from,
                to,
                type is null ? inbound : [type],
                JournalDirection.Consumed,
                Limit: int.MaxValue
            ),
            ct
        );
    }

    /// <summary>Publishes them, each confirmed and mandatory.</summary>
    /// <param name="record">Called when the broker has an event.</param>
    public async Task PublishAsync(
        IReadOnlyList<JournalEntry> entries,
        string actor,
        Func<JournalEntry, Task> record,
        CancellationToken ct
    )
    {
        var factory = new ConnectionFactory { Uri = rabbitMq, ClientProvidedName = "synthetic-replay" };
        await using IConnection connection = await factory.CreateConnectionAsync(ct);
        await using IChannel channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            ct
        );
        foreach (JournalEntry entry in entries)
        {
            ContractName contract = ContractNames.All.Single(c => c.Type.Name == entry.MessageType);
            var properties = new BasicProperties
            {
                ContentType = ContractNames.ContentType,
                DeliveryMode = DeliveryModes.Persistent,
                MessageId = entry.MessageId.ToString(),
                Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [ReplayHeader.Name] = actor },
            };
            await channel.BasicPublishAsync(
                contract.Exchange,
                string.Empty,
                mandatory: true,
                properties,
                Encoding.UTF8.GetBytes(entry.Body),
                ct
            );
            await record(entry);
        }
    }
}
