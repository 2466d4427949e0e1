using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Prometheus.Synthetic.Worker;

/// <summary>Readable lines on a terminal, compact JSON otherwise; the correlation id is in every line of a message's handling.</summary>
public static class WorkerLogging
{
    public static void Configure(IServiceCollection services, LogEventLevel level)
    {
        LoggerConfiguration log = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Process", Environment.ProcessId);
        log = Console.IsOutputRedirected
            ? log.WriteTo.Console(new CompactJsonFormatter())
            : log.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {CorrelationId} {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture
            );
        services.AddSerilog(log.CreateLogger(), dispose: true);
    }
}
