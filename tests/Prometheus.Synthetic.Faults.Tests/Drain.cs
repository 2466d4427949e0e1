using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Faults.Tests;

/// <summary>Waits for what was asked, and for everything to come to rest.</summary>
/// <param name="engine">The bench's own connections.</param>
internal sealed class Drain(FaultBench bench, NpgsqlDataSource engine)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Waits for sets that are asked for to be sealed, whatever else is still in work.</summary>
    public async Task MadeAsync(
        string prefix,
        int count,
        IReadOnlyList<string> asked,
        TimeSpan patience,
        WorkerProcess worker
    )
    {
        DateTime end = DateTime.UtcNow + patience;
        while (await bench.CountAsync($"SELECT count(*) FROM scenario_sets WHERE name LIKE '{prefix}\\_%'") < count)
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{prefix}: {await StateAsync(asked)}\n{worker.Tail}");
            await Task.Delay(100, Ct);
        }
    }

    /// <summary>
    /// Waits until every set that was asked for is sealed, and until nothing is in work or waits any more. Gives up when
    /// nothing gets further for as long as told: how long the whole takes depends on the machine, and getting further
    /// ends of itself, because shards and sets are finite and a new low of waiting messages cannot fall below none.
    /// </summary>
    public async Task DrainedAsync(IReadOnlyList<string> asked, TimeSpan patience, IReadOnlyList<WorkerProcess> workers)
    {
        // What a restarted server has dropped would fail at its first use, and that is the bench's own connection.
        NpgsqlConnection.ClearAllPools();
        engine.Clear();
        var progress = new DrainProgress(patience);
        int quiet = 0;
        while (quiet < 3)
        {
            if (progress.HasStalled)
                throw new TimeoutException(
                    $"nothing got further for {patience.TotalSeconds} s: {await StateAsync(asked)}\n{string.Join('\n', workers.Select(w => w.Tail))}"
                );
            await Task.Delay(200, Ct);
            try
            {
                quiet = await IsQuietAsync(asked, progress) ? quiet + 1 : 0;
            }
            catch (NpgsqlException e) when (e is not PostgresException { IsTransient: false })
            {
                quiet = 0; // a pooled connection from before the database was stopped
            }
        }
    }

    private async Task<bool> IsQuietAsync(IReadOnlyList<string> asked, DrainProgress progress)
    {
        string names = string.Join(", ", asked.Select(n => $"'{n}'"));
        long made =
            asked.Count == 0
                ? 0
                : await bench.CountAsync($"SELECT count(*) FROM scenario_sets WHERE name IN ({names})");
        long unsettled = await UnsettledAsync();
        progress.Saw(made, await bench.CountAsync("SELECT count(*) FROM synthetic.shards"), unsettled);
        return made >= asked.Count && unsettled == 0 && await bench.CountAsync(Sagas.Open) == 0;
    }

    /// <summary>Messages that wait or are in work in our live queues; what is dead does not settle and is checked later.</summary>
    private async Task<long> UnsettledAsync()
    {
        using HttpClient management = bench.Services.Management();
        string queues = await management.GetStringAsync("api/queues?columns=name,messages,messages_unacknowledged", Ct);
        return JsonSerializer
            .Deserialize<JsonElement>(queues)
            .EnumerateArray()
            .Where(q => QueueNames.All.Contains(q.GetProperty("name").GetString()))
            .Sum(q => q.TryGetProperty("messages", out JsonElement m) ? m.GetInt64() : 0);
    }

    private async Task<string> StateAsync(IReadOnlyList<string> asked) =>
        $"{await bench.CountAsync("SELECT count(*) FROM scenario_sets")} sealed of {asked.Count}, {await bench.CountAsync(Sagas.Open)} open sagas, {await UnsettledAsync()} messages; "
        + string.Join(", ", (await QueueDepths.ReadAsync(bench.Services.RabbitMq, Ct)).Where(d => d.Messages > 0));
}
