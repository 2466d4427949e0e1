using Npgsql;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.EndToEnd.Tests;

/// <summary>Generations that take as long as a test wants, without a clock: nobody stores or removes rows meanwhile.</summary>
internal static class HeldRows
{
    /// <summary>Until the connection is closed rows of paths can be read and not changed.</summary>
    public static async Task<NpgsqlConnection> HoldRowsAsync(this PostgresFixture postgres, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var hold = new NpgsqlCommand("BEGIN; LOCK TABLE synthetic.path_shocks IN SHARE MODE", connection);
        await hold.ExecuteNonQueryAsync(ct);
        return connection;
    }

    /// <summary>Waits until so many sessions wait for what is held.</summary>
    public static Task UntilWaitingAsync(
        this PostgresFixture postgres,
        int sessions,
        WorkerProcess worker,
        CancellationToken ct
    ) =>
        SmallMarket.UntilAsync(
            $"{sessions} sessions that wait",
            async () =>
            {
                await using NpgsqlCommand count = postgres.DataSource.CreateCommand(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                );
                return (long)(await count.ExecuteScalarAsync(ct))! >= sessions;
            },
            worker
        );
}
