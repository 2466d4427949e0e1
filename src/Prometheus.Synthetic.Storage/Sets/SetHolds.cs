using Npgsql;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Who has a set to itself, across processes: one at a time to evict, rehydrate or delete it, or any number who read all of
/// it and compare (verification, export). So nobody compares rows that are just being taken away. A process that dies leaves
/// no hold: it ends with its connection.
/// </summary>
public sealed class SetHolds(NpgsqlDataSource dataSource)
{
    private const string Key = "hashtextextended($1::text, 4)";

    /// <summary>Alone with the set; null when anybody else has it.</summary>
    public async Task<IAsyncDisposable?> TryTakeAsync(Guid id, CancellationToken ct)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            if ((bool)(await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({Key})", id, ct))!)
                return new Hold(connection, id, $"SELECT pg_advisory_unlock({Key})");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Together with others who read; waits for who is alone with it.</summary>
    public async Task<IAsyncDisposable> ShareAsync(Guid id, CancellationToken ct)
    {
        NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            await ScalarAsync(connection, $"SELECT pg_advisory_lock_shared({Key})", id, ct);
            return new Hold(connection, id, $"SELECT pg_advisory_unlock_shared({Key})");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        Guid id,
        CancellationToken ct
    )
    {
        // As long as bringing a big set back may take.
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = id } },
            CommandTimeout = 3600,
        };
        return await command.ExecuteScalarAsync(ct);
    }

    private sealed class Hold(NpgsqlConnection connection, Guid id, string release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await ScalarAsync(connection, release, id, CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                // The connection is lost and the hold with it; what its holder met is what the caller must hear.
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }
    }
}
