using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Worker.Health;

namespace Prometheus.Synthetic.Worker;

/// <summary>Composes the worker from its settings and decides nothing.</summary>
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
            // One line per setting or field, as every refusal reads.
            foreach (FieldError error in refused.Errors)
                await Console.Error.WriteLineAsync(error.ToString());
            return 2;
        }
    }

    /// <exception cref="ScenarioRefusedException">Everything that is wrong with the settings.</exception>
    public static void Configure(HostApplicationBuilder builder)
    {
        ConfigurationManager configuration = builder.Configuration;
        var settings = WorkerSettings.Read(
            name => configuration[name.Replace("__", ":", StringComparison.Ordinal)],
            Environment.GetEnvironmentVariable,
            [.. Environment.GetEnvironmentVariables().Keys.Cast<string>()]
        );
        WorkerLogging.Configure(builder.Services, settings.LogLevel);
        builder.Services.AddSyntheticEngine(
            settings.Postgres,
            settings.Engine.Limits,
            settings.Market,
            settings.Engine.Storage
        );
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.Health);
        builder.Services.AddSingleton<ReadinessProbe>();
        // Hosted services start in order: health answers first; the bus must not deliver before schema and queues are there.
        builder.Services.AddHostedService<HealthServer>();
        builder.Services.AddHostedService<StartGate>();
        builder.Services.AddSyntheticWorkerBus(settings.Bus);
        // The bus gives back what it could not finish; the rest of the host needs a moment after it.
        builder.Services.Configure<HostOptions>(o =>
            o.ShutdownTimeout = settings.Bus.StopTimeout + TimeSpan.FromSeconds(15)
        );
    }
}
