using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Storage.Audit;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>Tags given to a set after its seal. They count like those of the request, which never change.</summary>
public sealed class SetTagStore(NpgsqlDataSource dataSource, AuditTrail audit, TimeProvider time)
{
    /// <summary>Tags of a set given later, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(Guid id, CancellationToken ct) =>
        (await ReadAllAsync([id], ct)).TryGetValue(id, out IReadOnlyList<string>? tags) ? tags : [];

    /// <summary>The same for several sets; a set without any is absent.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<string>>> ReadAllAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            """
            SELECT scenario_set_id, array_agg(tag ORDER BY tag COLLATE "C")
            FROM synthetic.set_tags WHERE scenario_set_id = ANY ($1) GROUP BY 1
            """
        );
        select.Parameters.Add(new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var tags = new Dictionary<Guid, IReadOnlyList<string>>();
        while (await reader.ReadAsync(ct))
            tags[reader.GetGuid(0)] = reader.GetFieldValue<string[]>(1);
        return tags;
    }

    /// <summary>Gives and takes tags in one transaction with their audit entries.</summary>
    /// <param name="entry">Who and why; action and tag are filled in.</param>
    public async Task ChangeAsync(
        Guid id,
        IReadOnlyList<string> give,
        IReadOnlyList<string> take,
        AuditEntry entry,
        CancellationToken ct
    )
    {
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        foreach (string tag in give)
        {
            const string insert =
                "INSERT INTO synthetic.set_tags VALUES ($1, $2, $3, $4) ON CONFLICT (scenario_set_id, tag) DO NOTHING";
            if (await ExecuteAsync(connection, insert, ct, id, tag, time.GetUtcNow(), entry.Actor) > 0)
                await RecordAsync(AuditActions.Tagged, tag);
        }

        foreach (string tag in take)
        {
            const string delete = "DELETE FROM synthetic.set_tags WHERE scenario_set_id = $1 AND tag = $2";
            if (await ExecuteAsync(connection, delete, ct, id, tag) > 0)
                await RecordAsync(AuditActions.Untagged, tag);
        }

        await transaction.CommitAsync(ct);

        Task RecordAsync(string action, string tag) =>
            audit.AppendAsync(connection, (entry with { Action = action, ScenarioSetId = id }).With("tag", tag), ct);
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken ct,
        params object[] values
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(ct);
    }
}
