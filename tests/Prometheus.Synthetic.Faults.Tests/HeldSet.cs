using Npgsql;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>
/// The turn at the record of a set: whoever stores a shard of it waits until this is disposed. A shard that takes as long as
/// the test wants, without a clock.
/// </summary>
public sealed class HeldSet : IAsyncDisposable
{
    private const string Opened = "SELECT id::text FROM synthetic.mt_doc_scenario_set WHERE data ->> 'name' = $1";

    private const string StatusOf = "SELECT data ->> 'status' FROM synthetic.mt_doc_scenario_set WHERE id::text = $1";

    private const string Waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private readonly NpgsqlConnection _connection;

    private HeldSet(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits for the set to be opened and takes it while it is generated.</summary>
    public static async Task<HeldSet> TakeAsync(string postgres, string name, TimeSpan patience, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(postgres + ";Pooling=false");
        await connection.OpenAsync(ct);
        DateTime end = DateTime.UtcNow + patience;
        string? id;
        while ((id = await ExecuteAsync(connection, Opened, name, ct) as string) is null)
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{name} was not opened in {patience.TotalSeconds} s");
            await Task.Delay(10, ct);
        }

        // In its turn, as the product does it: shards that ask later cannot overtake.
        await ExecuteAsync(connection, "BEGIN", null, ct);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", id, ct);
        Assert.Equal("Generating", await ExecuteAsync(connection, StatusOf, id, ct));
        return new HeldSet(connection);
    }

    /// <summary>Waits until so many of the workers' sessions wait for a lock.</summary>
    public async Task AwaitedAsync(int sessions, TimeSpan patience, CancellationToken ct)
    {
        DateTime end = DateTime.UtcNow + patience;
        while (await WaitingAsync(ct) < sessions)
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{await WaitingAsync(ct)} of {sessions} sessions wait for the held set");
            await Task.Delay(20, ct);
        }
    }

    /// <summary>Sessions that wait for a lock now.</summary>
    public async Task<long> WaitingAsync(CancellationToken ct)
    {
        // Within a transaction PostgreSQL shows the activity that it was asked for first, for ever.
        await ExecuteAsync(_connection, "SELECT pg_stat_clear_snapshot()", null, ct);
        return (long)(await ExecuteAsync(_connection, Waiting, null, ct))!;
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private static async Task<object?> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        string? parameter,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (parameter is not null)
            command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync(ct);
    }
}
