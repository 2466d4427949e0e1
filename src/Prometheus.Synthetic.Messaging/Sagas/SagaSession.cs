using Marten;
using Marten.Services;
using Npgsql;

namespace Prometheus.Synthetic.Messaging.Sagas;

/// <summary>
/// One transaction on one saga. An advisory lock on the saga's id, taken before the document is read, lets one message
/// at a time work on a saga, also on one that does not exist yet: two initiating messages cannot both insert, and no
/// failed insert poisons the transaction.
/// </summary>
public sealed class SagaSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private SagaSession(NpgsqlConnection connection, NpgsqlTransaction transaction, IDocumentSession documents)
    {
        _connection = connection;
        _transaction = transaction;
        Documents = documents;
    }

    public IDocumentSession Documents { get; }

    public static async Task<SagaSession> OpenAsync(
        NpgsqlDataSource dataSource,
        IDocumentStore store,
        CancellationToken ct
    )
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
            return new SagaSession(
                connection,
                transaction,
                store.LightweightSession(SessionOptions.ForTransaction(transaction))
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no other message works on the saga.</summary>
    public async Task LockAsync(Guid correlationId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
            _connection
        )
        {
            Parameters = { new() { Value = correlationId.ToString("N") } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task CommitAsync(CancellationToken ct)
    {
        await Documents.SaveChangesAsync(ct);
        await _transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Documents.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
