using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Messaging.Policies;

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

    /// <summary>Folder of the refresh policies.</summary>
    public string PolicyFolder { get; init; } = PolicyLibrary.ReadyMade;

    /// <summary>A saga that got no further for so long is driven again.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the reconciler looks.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Journal rows older than this are removed.</summary>
    public TimeSpan JournalRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many days ahead of our clock an event may be dated; covers time zones and clock skew.</summary>
    public int FutureDays { get; init; } = 2;

    /// <summary>The options as configured.</summary>
    public static BusOptions Read(Uri rabbitMq, SettingsReader settings)
    {
        var standard = new BusOptions { RabbitMq = rabbitMq };
        return standard with
        {
            ShardConcurrency = settings.Whole("SHARDCONCURRENCY", standard.ShardConcurrency, 1, 256),
            StopTimeout = settings.Seconds("STOPSECONDS", standard.StopTimeout, 0.0, 3_600.0),
            PolicyFolder = settings.Text("POLICIES", "the ready-made ones", "a folder") ?? standard.PolicyFolder,
            StalledAfter = settings.Seconds("STALLEDSECONDS", standard.StalledAfter, 1.0, 86_400.0),
            ReconcileEvery = settings.Seconds("RECONCILESECONDS", standard.ReconcileEvery, 0.5, 3_600.0),
            JournalRetention = TimeSpan.FromDays(
                settings.Whole("JOURNALDAYS", (int)standard.JournalRetention.TotalDays, 1, 3_650)
            ),
            FutureDays = settings.Whole("FUTUREDAYS", standard.FutureDays, 0, 366),
        };
    }
}
