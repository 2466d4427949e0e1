using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Worker;

/// <summary>Holds the worker back until the database has this version's schema and the broker has the queues.</summary>
public sealed partial class StartGate(
    SchemaMigrator migrator,
    PolicyLibrary policies,
    WorkerSettings settings,
    TimeProvider time,
    ILogger<StartGate> log
) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string warning in settings.Warnings)
            LogSetting(log, warning);
        // Read here, so that a policy that cannot be followed ends the start and not the first refresh.
        foreach (RefreshPolicy policy in policies.All)
            LogPolicy(log, policy.Name, policy.Version, policy.Market, policy.Hash);
        string? said = null;
        while (await ObstacleAsync(cancellationToken) is { } obstacle)
        {
            if (obstacle != said)
                LogWaiting(log, obstacle);
            said = obstacle;
            await Task.Delay(Pause, time, cancellationToken);
        }

        await QueueDeclaration.DeclareAsync(settings.Bus.RabbitMq, time, o => LogWaiting(log, o), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string?> ObstacleAsync(CancellationToken ct)
    {
        try
        {
            int version = await migrator.CurrentVersionAsync(ct);
            return version >= SchemaMigrator.NewestVersion
                ? null
                : $"the database schema is at version {version} of {SchemaMigrator.NewestVersion}; run 'synthetic migrate'";
        }
        catch (NpgsqlException e)
        {
            return $"the database does not answer: {e.Message}";
        }
    }

    [LoggerMessage(LogLevel.Information, "Policy {Name} version {Version} for {Market}, {Hash}")]
    private static partial void LogPolicy(ILogger log, string name, int version, string market, string hash);

    [LoggerMessage(LogLevel.Warning, "Setting {Warning}")]
    private static partial void LogSetting(ILogger log, string warning);

    [LoggerMessage(LogLevel.Warning, "Waiting: {Obstacle}")]
    private static partial void LogWaiting(ILogger log, string obstacle);
}
