using MassTransit;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Storage.Schema;

namespace Prometheus.Synthetic.Worker.Health;

/// <summary>Asks database, schema, bus and queues, each within seconds; what does not answer is an obstacle and no error.</summary>
public sealed class ReadinessProbe(
    NpgsqlDataSource dataSource,
    SchemaMigrator migrator,
    IBusControl bus,
    BusOptions options,
    TimeProvider time
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<ReadinessReport> TakeAsync(CancellationToken ct)
    {
        var obstacles = new List<string>();
        int? version = null;
        (int Open, double? Lag)? sagas = null;
        await TryAsync(
            "the database does not answer",
            async c =>
            {
                version = await migrator.CurrentVersionAsync(c);
                if (version < SchemaMigrator.NewestVersion)
                    obstacles.Add(
                        $"the database schema is at version {version} of {SchemaMigrator.NewestVersion}; run 'synthetic migrate'"
                    );
                else
                    sagas = await LagAsync(c);
            },
            obstacles,
            ct
        );
        BusHealthResult health = bus.CheckHealth();
        if (health.Status != BusHealthStatus.Healthy)
            obstacles.Add($"the bus is not connected: {health.Description}");
        IReadOnlyList<QueueDepth>? depths = null;
        await TryAsync(
            "the broker does not answer",
            async c => depths = await QueueDepths.ReadAsync(options.RabbitMq, c),
            obstacles,
            ct
        );
        return new ReadinessReport
        {
            Status = obstacles.Count == 0 ? "ready" : "not ready",
            Obstacles = obstacles,
            SchemaVersion = version,
            SchemaVersionNeeded = SchemaMigrator.NewestVersion,
            OpenSagas = sagas?.Open,
            LagSeconds = sagas?.Lag,
            Waiting = depths?.Where(d => !d.Dead || d.Messages > 0).ToDictionary(d => d.Queue, d => d.Messages),
        };
    }

    private async Task<(int Open, double? Lag)> LagAsync(CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT count(*)::integer, min((data -> 'progress' ->> 'progressed_at')::timestamptz) FROM (
              SELECT data FROM synthetic.mt_doc_scenario_set_generation_saga
              UNION ALL SELECT data FROM synthetic.mt_doc_monthly_refresh_saga
              UNION ALL SELECT data FROM synthetic.mt_doc_fragility_refresh_saga) s
            WHERE data ->> 'current_state' IN ('Planning', 'Generating', 'Sealing', 'Running')
            """
        );
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (
            reader.GetInt32(0),
            reader.IsDBNull(1) ? null : (time.GetUtcNow() - reader.GetFieldValue<DateTimeOffset>(1)).TotalSeconds
        );
    }

    private static async Task TryAsync(
        string problem,
        Func<CancellationToken, Task> ask,
        List<string> obstacles,
        CancellationToken ct
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            // Some of what is asked does not listen to cancellation while it connects.
            await ask(patience.Token).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            obstacles.Add($"{problem}: {(e.InnerException ?? e).Message}");
        }
    }
}
