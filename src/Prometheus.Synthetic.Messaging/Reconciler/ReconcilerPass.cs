using System.Text.Json;
using Marten;
using MassTransit;
using Npgsql;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.FragilityRefresh;
using Prometheus.Synthetic.Messaging.Generation;
using Prometheus.Synthetic.Messaging.MonthlyRefresh;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Journal;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Messaging.Reconciler;

/// <summary>
/// Finds what no redelivery brings back (a purged queue, a broker that lost its data, a message discarded by hand) and
/// sends again the message that began it; the sagas answer with whatever is missing. Doing it too early is harmless.
/// </summary>
public sealed class ReconcilerPass(
    NpgsqlDataSource dataSource,
    IDocumentStore store,
    ScenarioSetStore sets,
    MessageJournal journal,
    IBus bus,
    BusOptions options,
    TimeProvider time
)
{
    private const long LockKey = 0x5265_636F_6E63_696C; // "Reconcil"
    private const int AtOnce = 200;

    public async Task<ReconcilerReport> RunAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        if (!await TryLockAsync(connection, ct))
            return new ReconcilerReport(0, 0, 0, 0);
        try
        {
            // While messages wait, a saga without progress is most likely waiting too; sending more would not help it.
            bool busy = (await QueueDepths.ReadAsync(options.RabbitMq, ct)).Any(q => q.Internal && q.Messages > 0);
            DateTimeOffset before = time.GetUtcNow() - (busy ? 10 * options.StalledAfter : options.StalledAfter);
            int refreshes = await RefreshesAsync(before, ct);
            int generations = await GenerationsAsync(before, ct);
            int events = await EventsAsync(before, ct);
            int abandoned = await OrphansAsync(before, ct);
            await journal.PruneAsync(time.GetUtcNow() - options.JournalRetention, ct);
            return new ReconcilerReport(generations, refreshes, events, abandoned);
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    private async Task<int> GenerationsAsync(DateTimeOffset before, CancellationToken ct)
    {
        IReadOnlyList<ScenarioSetGenerationSaga> stalled = await StalledAsync<ScenarioSetGenerationSaga>(
            "mt_doc_scenario_set_generation_saga",
            ["Planning", "Generating", "Sealing"],
            before,
            ct
        );
        foreach (ScenarioSetGenerationSaga saga in stalled)
            await SendAsync(saga.Progress!.Start, ct);
        return stalled.Count;
    }

    private async Task<int> RefreshesAsync(DateTimeOffset before, CancellationToken ct)
    {
        IReadOnlyList<MonthlyRefreshSaga> monthly = await StalledAsync<MonthlyRefreshSaga>(
            "mt_doc_monthly_refresh_saga",
            ["Running"],
            before,
            ct
        );
        foreach (MonthlyRefreshSaga saga in monthly)
            await SendAsync(
                MonthlyRefreshMessages.Write(saga.Progress!.Start with { RetryOfRound = null }, saga.Month),
                ct
            );
        IReadOnlyList<FragilityRefreshSaga> fragility = await StalledAsync<FragilityRefreshSaga>(
            "mt_doc_fragility_refresh_saga",
            ["Running"],
            before,
            ct
        );
        foreach (FragilityRefreshSaga saga in fragility)
            await SendAsync(
                FragilityRefreshMessages.Write(saga.Progress!.Start with { RetryOfRound = null }, saga.ModelId),
                ct
            );
        return monthly.Count + fragility.Count;
    }

    /// <summary>Events that were taken in and whose saga never came to be: their start was lost on the way.</summary>
    private async Task<int> EventsAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT j.message_type, j.message_id, j.body FROM synthetic.message_journal j
            WHERE j.direction = 'CONSUMED' AND j.outcome = 'STARTED' AND j.last_at < $1
              AND NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_scenario_set_generation_saga s WHERE s.id = j.correlation_id)
              AND NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_monthly_refresh_saga s WHERE s.id = j.correlation_id)
              AND NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_fragility_refresh_saga s WHERE s.id = j.correlation_id)
            ORDER BY j.first_at LIMIT $2
            """
        );
        select.Parameters.Add(new() { Value = before.ToUniversalTime() });
        select.Parameters.Add(new() { Value = AtOnce });
        var lost = new List<(string Type, Guid Id, string Body)>();
        await using (NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                lost.Add((reader.GetString(0), reader.GetGuid(1), reader.GetString(2)));
        }

        foreach ((string type, Guid id, string body) in lost)
        {
            Type? contract = ContractNames.All.FirstOrDefault(c => c.Type.Name == type)?.Type;
            if (contract is null || JsonSerializer.Deserialize(body, contract, ContractJson.Options) is not { } message)
                continue;
            await bus.Publish(message, contract, Pipe.Execute<PublishContext>(c => c.MessageId = id), ct);
        }

        return lost.Count;
    }

    /// <summary>Sets that were opened without a saga, in a process that did not live to seal them.</summary>
    private async Task<int> OrphansAsync(DateTimeOffset before, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT d.id FROM synthetic.mt_doc_scenario_set d
            WHERE d.data ->> 'status' = 'Generating'
              AND NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_scenario_set_generation_saga s
                WHERE s.id = (d.data ->> 'request_id')::uuid AND s.data ->> 'current_state' IN ('Planning', 'Generating', 'Sealing'))
              AND greatest((d.data ->> 'created_at')::timestamptz,
                (SELECT max(stored_at) FROM synthetic.shards h WHERE h.scenario_set_id = d.id)) < $1
            LIMIT $2
            """
        );
        // A process that works alone has no heartbeat but its shards; it gets much longer.
        select.Parameters.Add(new() { Value = (before - 30 * options.StalledAfter).ToUniversalTime() });
        select.Parameters.Add(new() { Value = AtOnce });
        var orphans = new List<Guid>();
        await using (NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                orphans.Add(reader.GetGuid(0));
        }

        var error = new FieldError(
            "abandoned",
            string.Empty,
            "the process that generated the set ended before it was sealed; ask again for another attempt"
        );
        foreach (Guid id in orphans)
            await sets.AbandonAsync(id, ScenarioSetStatus.Failed, [error], ct);
        return orphans.Count;
    }

    private async Task<IReadOnlyList<TSaga>> StalledAsync<TSaga>(
        string table,
        string[] states,
        DateTimeOffset before,
        CancellationToken ct
    )
        where TSaga : class
    {
        var ids = new List<Guid>();
        await using (
            NpgsqlCommand select = dataSource.CreateCommand(
                $"""
                SELECT id FROM synthetic.{table}
                WHERE data ->> 'current_state' = ANY ($1) AND greatest((data -> 'progress' ->> 'progressed_at')::timestamptz, (data -> 'progress' ->> 'repeated_at')::timestamptz) < $2
                ORDER BY id LIMIT $3
                """
            )
        )
        {
            select.Parameters.Add(new() { Value = states });
            select.Parameters.Add(new() { Value = before.ToUniversalTime() });
            select.Parameters.Add(new() { Value = AtOnce });
            await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                ids.Add(reader.GetGuid(0));
        }

        await using IQuerySession session = store.QuerySession();
        return ids.Count == 0 ? [] : await session.LoadManyAsync<TSaga>(ct, ids);
    }

    private async Task SendAsync(object message, CancellationToken ct)
    {
        ISendEndpoint endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{Outgoing.QueueOf(message)}"));
        await endpoint.Send(
            message,
            message.GetType(),
            Pipe.Execute<SendContext>(send =>
            {
                send.MessageId = MessageIds.Of(message);
                send.CorrelationId = Outgoing.RequestIdOf(message);
            }),
            ct
        );
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        // A broken connection has lost the lock already.
        if (connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
            return;
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}

/// <summary>What a pass did.</summary>
/// <param name="Events">Events of other teams that were published again.</param>
/// <param name="Abandoned">Sets of dead processes whose rows were removed.</param>
public sealed record ReconcilerReport(int Generations, int Refreshes, int Events, int Abandoned)
{
    public bool Any => Generations + Refreshes + Events + Abandoned > 0;
}
