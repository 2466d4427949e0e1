using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>How many messages wait where, asked of the broker itself: its statistics lag, a passive declaration does not.</summary>
public static class QueueDepths
{
    /// <summary>Our queues in the order of <see cref="QueueNames.All"/>, each followed by its error and skipped queue if there is one.</summary>
    public static async Task<IReadOnlyList<QueueDepth>> ReadAsync(Uri rabbitMq, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            Uri = rabbitMq,
            ClientProvidedName = "synthetic-depths",
            AutomaticRecoveryEnabled = false,
        };
        await using IConnection connection = await factory.CreateConnectionAsync(ct);
        var depths = new List<QueueDepth>();
        foreach (
            string name in QueueNames.All.SelectMany(n =>
                new[] { n, n + QueueNames.ErrorSuffix, n + QueueNames.SkippedSuffix }
            )
        )
        {
            // A queue that is not there closes the channel that asked.
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                QueueDeclareOk queue = await channel.QueueDeclarePassiveAsync(name, ct);
                depths.Add(new QueueDepth(name, queue.MessageCount, queue.ConsumerCount));
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
            {
                // Error and skipped queues come to be with their first message.
            }
        }

        return depths;
    }
}

/// <param name="Messages">Ready to be delivered; those in work do not count.</param>
/// <param name="Consumers">Workers that listen.</param>
public sealed record QueueDepth(string Queue, uint Messages, uint Consumers)
{
    /// <summary>True for the queues of our own commands and events.</summary>
    public bool Internal => QueueNames.Internal.Contains(Queue, StringComparer.Ordinal);

    /// <summary>True for what waits for an operator.</summary>
    public bool Dead =>
        Queue.EndsWith(QueueNames.ErrorSuffix, StringComparison.Ordinal)
        || Queue.EndsWith(QueueNames.SkippedSuffix, StringComparison.Ordinal);
}
