using Npgsql;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Tests.Schema;

namespace Prometheus.Synthetic.Storage.Tests.Sets;

public sealed class RecordTurnTests(SetDatabase database) : IClassFixture<SetDatabase>
{
    private const string Set = "0e1a5a8c-0d0e-5d53-8f6b-1f2a3b4c5d6e";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shards_that_come_later_do_not_overtake_a_cancellation_that_waits()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct);
        await database.ExecuteAsync(SetDatabase.GeneratingSet(Set, "TURN"), Ct);
        Guid id = Guid.Parse(Set);
        await using NpgsqlConnection first = await OpenAsync();
        await using NpgsqlConnection beside = await OpenAsync();
        await using NpgsqlConnection ending = await OpenAsync();
        await using NpgsqlConnection late = await OpenAsync();

        // Shards share; the end waits for both; the shard behind it waits for the end and sees what it did.
        NpgsqlTransaction shard = await first.BeginTransactionAsync(Ct);
        Assert.Equal("Generating", await RecordTurn.ShareAsync(first, id, Ct));
        NpgsqlTransaction other = await beside.BeginTransactionAsync(Ct);
        Assert.Equal("Generating", await RecordTurn.ShareAsync(beside, id, Ct));
        NpgsqlTransaction end = await ending.BeginTransactionAsync(Ct);
        Task<string?> taken = RecordTurn.TakeAsync(ending, id, Ct);
        await WaitingAsync(1);
        await using NpgsqlTransaction behind = await late.BeginTransactionAsync(Ct);
        Task<string?> shared = RecordTurn.ShareAsync(late, id, Ct);
        await WaitingAsync(2);

        await shard.CommitAsync(Ct);
        await other.CommitAsync(Ct);
        Assert.Equal("Generating", await taken);
        Assert.False(shared.IsCompleted);
        await using (
            var cancel = new NpgsqlCommand(
                $$"""UPDATE synthetic.mt_doc_scenario_set SET data = data || '{"status": "Cancelled"}' WHERE id = '{{Set}}'""",
                ending
            )
        )
            await cancel.ExecuteNonQueryAsync(Ct);
        await end.CommitAsync(Ct);
        Assert.Equal("Cancelled", await shared);
    }

    [Fact]
    public async Task A_set_without_record_has_no_status()
    {
        await database.EmptyAsync(Ct);
        await database.MigrateAsync(Ct);
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Ct);
        Assert.Null(await RecordTurn.ShareAsync(connection, Guid.Parse(Set), Ct));
    }

    private async Task WaitingAsync(long sessions)
    {
        while (
            await database.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
                Ct
            ) < sessions
        )
            await Task.Delay(10, Ct);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.Postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        return connection;
    }
}
