using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Worker;

/// <summary>Composes the worker from its configuration and decides nothing.</summary>
public static class WorkerHost
{
    public static void Configure(HostApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        WorkerLogging.Configure(builder.Services, configuration);
        string postgres = Secrets.Required(configuration, "POSTGRES", "an Npgsql connection string");
        string rabbit = Secrets.Required(configuration, "RABBITMQ", "an amqp URI with credentials and virtual host");
        builder.Services.AddSyntheticEngine(
            postgres,
            configuration.GetSection("LIMITS").Get<RequestLimits>() ?? new RequestLimits(),
            MarketTables.FromVariables(Environment.GetEnvironmentVariable),
            configuration.GetSection("STORAGE").Get<StorageOptions>() ?? new StorageOptions()
        );
        // Hosted services start in order: the bus must not deliver before schema and queues are there.
        builder.Services.AddHostedService<StartGate>();
        builder.Services.AddSyntheticWorkerBus(
            new BusOptions
            {
                RabbitMq = new Uri(rabbit),
                ShardConcurrency =
                    configuration.GetValue<int?>("SHARDCONCURRENCY") ?? Math.Max(1, Environment.ProcessorCount),
                StopTimeout = TimeSpan.FromSeconds(configuration.GetValue<int?>("STOPSECONDS") ?? 30),
            }
        );
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(45));
    }
}
