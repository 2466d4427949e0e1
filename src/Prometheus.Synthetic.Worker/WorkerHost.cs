using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;
using Prometheus.Synthetic.Storage.Schema;
using Prometheus.Synthetic.Worker.Health;

namespace Prometheus.Synthetic.Worker;

/// <summary>Composes the worker from its configuration and decides nothing.</summary>
public static class WorkerHost
{
    /// <summary>Runs a worker until it is told to stop; while it waits for schema or broker it can be told as well.</summary>
    /// <param name="also">Composition beside the worker's own.</param>
    /// <returns>0; 2 when it cannot start as it is configured, with the reason on the error stream.</returns>
    public static async Task<int> RunAsync(string[] args, Action<HostApplicationBuilder>? also = null)
    {
        try
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
            builder.Configuration.AddEnvironmentVariables("SYNTHETIC_");
            Configure(builder);
            also?.Invoke(builder);
            using IHost host = builder.Build();
            CancellationToken stopping = host
                .Services.GetRequiredService<IHostApplicationLifetime>()
                .ApplicationStopping;
            try
            {
                await host.RunAsync(CancellationToken.None);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Told to stop before it had started: what had started is disposed with the host.
            }

            return Environment.ExitCode;
        }
        catch (ScenarioRefusedException refused)
        {
            foreach (FieldError error in refused.Errors)
                await Console.Error.WriteLineAsync($"refused: {error}");
            return 2;
        }
        catch (WorkerConfigurationException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 2;
        }
    }

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
        builder.Services.AddSingleton(configuration.GetSection("HEALTH").Get<HealthOptions>() ?? new HealthOptions());
        builder.Services.AddSingleton<ReadinessProbe>();
        // Hosted services start in order: health answers first; the bus must not deliver before schema and queues are there.
        builder.Services.AddHostedService<HealthServer>();
        builder.Services.AddHostedService<StartGate>();
        BusOptions bus = Bus(configuration, new Uri(rabbit));
        builder.Services.AddSyntheticWorkerBus(bus);
        // The bus gives back what it could not finish; the rest of the host needs a moment after it.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = bus.StopTimeout + TimeSpan.FromSeconds(15));
    }

    private static BusOptions Bus(ConfigurationManager configuration, Uri rabbitMq)
    {
        var defaults = new BusOptions { RabbitMq = rabbitMq };
        TimeSpan Seconds(string key, TimeSpan otherwise) =>
            configuration.GetValue<double?>(key) is { } given ? TimeSpan.FromSeconds(given) : otherwise;
        return defaults with
        {
            ShardConcurrency = configuration.GetValue<int?>("SHARDCONCURRENCY") ?? defaults.ShardConcurrency,
            StopTimeout = Seconds("STOPSECONDS", defaults.StopTimeout),
            PolicyFolder = configuration["POLICIES"] is { Length: > 0 } folder ? folder : defaults.PolicyFolder,
            StalledAfter = Seconds("STALLEDSECONDS", defaults.StalledAfter),
            ReconcileEvery = Seconds("RECONCILESECONDS", defaults.ReconcileEvery),
            JournalRetention = configuration.GetValue<int?>("JOURNALDAYS") is { } days
                ? TimeSpan.FromDays(days)
                : defaults.JournalRetention,
            FutureDays = configuration.GetValue<int?>("FUTUREDAYS") ?? defaults.FutureDays,
        };
    }
}
