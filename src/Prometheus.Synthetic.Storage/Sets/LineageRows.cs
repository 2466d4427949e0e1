using Npgsql;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>Lineages: a name, its newest version, and the set it points to.</summary>
internal static class LineageRows
{
    /// <summary>Names of all lineages, ordinal.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT name FROM synthetic.lineages ORDER BY name COLLATE \"C\""
        );
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>The set that a lineage points to now, or null.</summary>
    public static async Task<Guid?> CurrentAsync(
        NpgsqlDataSource dataSource,
        string name,
        CancellationToken ct
    )
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT current_set_id FROM synthetic.lineages WHERE name = $1"
        );
        select.Parameters.Add(new() { Value = name });
        return await select.ExecuteScalarAsync(ct) as Guid?;
    }

    /// <summary>
    /// Takes the next version of the set's lineage and points the lineage to the set, under a lock on its row: two seals at
    /// once neither collide nor skip.
    /// </summary>
    /// <returns>The version, and the set that the lineage pointed to before.</returns>
    public static async Task<(int Version, Guid? Supersedes)> AdvanceAsync(
        NpgsqlConnection connection,
        ScenarioSetDocument set,
        CancellationToken ct
    )
    {
        await using var begin = new NpgsqlCommand(
            "INSERT INTO synthetic.lineages (name) VALUES ($1) ON CONFLICT DO NOTHING",
            connection
        )
        {
            Parameters = { new() { Value = set.Name } },
        };
        await begin.ExecuteNonQueryAsync(ct);
        await using var advance = new NpgsqlCommand(
            """
            WITH previous AS (SELECT current_set_id FROM synthetic.lineages WHERE name = $1 FOR UPDATE)
            UPDATE synthetic.lineages l SET current_version = l.current_version + 1, current_set_id = $2
            FROM previous WHERE l.name = $1
            RETURNING l.current_version, previous.current_set_id
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = set.Name },
                new() { Value = set.Id },
            },
        };
        await using NpgsqlDataReader reader = await advance.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetGuid(1));
    }
}
