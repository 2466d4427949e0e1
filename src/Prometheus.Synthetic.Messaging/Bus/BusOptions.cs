namespace Prometheus.Synthetic.Messaging.Bus;

/// <summary>How a worker takes part in the bus.</summary>
public sealed record BusOptions
{
    /// <summary>amqp URI of the broker with credentials and virtual host.</summary>
    public required Uri RabbitMq { get; init; }

    /// <summary>Shards a worker generates at once; prefetch is the same, so that no shard waits in a busy worker.</summary>
    public int ShardConcurrency { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>How long a stopping worker may take to finish what it is doing before it hands it back.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
