using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Consumers;

namespace Prometheus.Synthetic.Messaging.Reconciler;

/// <summary>Runs the reconciler now and then, in every worker; a lock in the database lets one at a time do it.</summary>
public sealed partial class ReconcilerService(
    ReconcilerPass pass,
    BusOptions options,
    TimeProvider time,
    ILogger<ReconcilerService> log
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReconcileEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                ReconcilerReport report = await pass.RunAsync(stoppingToken);
                if (report.Any)
                    LogDriven(log, report.Generations, report.Refreshes, report.Events, report.Abandoned);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Next time it may be able to; a reconciler that dies would leave what is stuck stuck.
                if (Transient.Is(e))
                    LogWaiting(log, e.Message);
                else
                    LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Driven again for want of progress: {Generations} generations, {Refreshes} refreshes, {Events} events; {Abandoned} sets abandoned"
    )]
    private static partial void LogDriven(ILogger log, int generations, int refreshes, int events, int abandoned);

    [LoggerMessage(LogLevel.Warning, "The reconciler waits: {Problem}")]
    private static partial void LogWaiting(ILogger log, string problem);

    [LoggerMessage(LogLevel.Error, "The reconciler failed and goes on")]
    private static partial void LogFailed(ILogger log, Exception problem);
}
