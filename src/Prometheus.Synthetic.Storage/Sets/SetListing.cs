using Marten;
using Npgsql;
using NpgsqlTypes;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>What sets to list; a null member does not restrict.</summary>
/// <param name="Tags">All of them must be on the set, given with the request or later.</param>
/// <param name="Market">A market the set covers.</param>
/// <param name="Lineage">Exact name of the lineage, or its beginning followed by <c>*</c>.</param>
/// <param name="Status">Null: the visible ones, sealed and evicted.</param>
public sealed record SetFilter(
    string? Category = null,
    IReadOnlyList<string>? Tags = null,
    string? Market = null,
    string? Lineage = null,
    ScenarioSetStatus? Status = null
);

/// <summary>One page of a listing.</summary>
/// <param name="Total">Sets that match, on all pages.</param>
public sealed record SetPage(long Total, int Offset, IReadOnlyList<ScenarioSetDocument> Sets);

/// <summary>Records of sets by filter, newest first.</summary>
public sealed class SetListing(NpgsqlDataSource dataSource, IDocumentStore store)
{
    private const string Matching = """
        FROM synthetic.mt_doc_scenario_set s
        WHERE ($1::text IS NULL OR data ->> 'category' = $1)
          AND NOT EXISTS (
            SELECT 1 FROM unnest($2::text[]) AS wanted (tag)
            WHERE NOT data -> 'tags' @> to_jsonb(wanted.tag) AND NOT EXISTS (
              SELECT 1 FROM synthetic.set_tags t WHERE t.scenario_set_id = s.id AND t.tag = wanted.tag))
          AND ($3::text IS NULL OR data -> 'markets' @> to_jsonb($3))
          AND ($4::text IS NULL OR data ->> 'name' = $4
               OR (right($4, 1) = '*' AND starts_with(data ->> 'name', left($4, -1))))
          AND data ->> 'status' = ANY ($5)
        """;

    /// <param name="limit">Sets on the page.</param>
    /// <param name="offset">Sets to pass over.</param>
    public async Task<SetPage> ReadAsync(SetFilter filter, int limit, int offset, CancellationToken ct)
    {
        await using NpgsqlCommand count = Command($"SELECT count(*) {Matching}", filter);
        long total = (long)(await count.ExecuteScalarAsync(ct))!;
        await using NpgsqlCommand page = Command(
            $"SELECT id {Matching} ORDER BY (data ->> 'created_at')::timestamptz DESC, id LIMIT $6 OFFSET $7",
            filter
        );
        page.Parameters.Add(new() { Value = limit });
        page.Parameters.Add(new() { Value = offset });
        var ids = new List<Guid>();
        await using (NpgsqlDataReader reader = await page.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                ids.Add(reader.GetGuid(0));
        }

        await using IQuerySession session = store.QuerySession();
        IReadOnlyList<ScenarioSetDocument> sets = await session.LoadManyAsync<ScenarioSetDocument>(ct, ids);
        Dictionary<Guid, ScenarioSetDocument> byId = sets.ToDictionary(s => s.Id);
        return new(total, offset, [.. ids.Where(byId.ContainsKey).Select(id => byId[id])]);
    }

    private NpgsqlCommand Command(string sql, SetFilter filter)
    {
        NpgsqlCommand command = dataSource.CreateCommand(sql);
        void Add(object? value, NpgsqlDbType type) =>
            command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        Add(filter.Category, NpgsqlDbType.Text);
        Add(filter.Tags is { Count: > 0 } tags ? tags.ToArray() : null, NpgsqlDbType.Array | NpgsqlDbType.Text);
        Add(filter.Market, NpgsqlDbType.Text);
        Add(filter.Lineage, NpgsqlDbType.Text);
        ScenarioSetStatus[] statuses = filter.Status is { } one
            ? [one]
            : [ScenarioSetStatus.Sealed, ScenarioSetStatus.Evicted];
        Add(statuses.Select(s => s.ToString()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        return command;
    }
}
