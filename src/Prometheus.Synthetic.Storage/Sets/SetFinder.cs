using System.Globalization;
using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Which set a person means: by id, by the beginning of an id when only one set begins so, by lineage name (its current
/// version), or by <c>name:version</c>.
/// </summary>
public sealed class SetFinder(NpgsqlDataSource dataSource)
{
    /// <summary>Fewer characters of an id are more likely a mistake than a choice.</summary>
    public const int ShortestPrefix = 4;

    private const int Shown = 5;

    /// <exception cref="ScenarioRefusedException">No set, or more than one, is meant.</exception>
    public async Task<Guid> FindAsync(string text, CancellationToken ct)
    {
        if (Guid.TryParse(text, out Guid id))
            return id;
        if (await ByNameAsync(text, ct) is { } named)
            return named;
        if (text.Length < ShortestPrefix || !text.All(c => char.IsAsciiHexDigit(c) || c == '-'))
            throw NotFound(text);
        List<string> candidates = await ByPrefixAsync(text.ToLowerInvariant(), ct);
        return candidates.Count switch
        {
            0 => throw NotFound(text),
            1 => Guid.Parse(candidates[0]),
            _ => throw new ScenarioRefusedException(
                ErrorCodes.Conflict,
                "set",
                $"several sets begin with '{text}': {string.Join(", ", candidates.Take(Shown))}{(candidates.Count > Shown ? " …" : "")}; give more of the id"
            ),
        };
    }

    private async Task<Guid?> ByNameAsync(string text, CancellationToken ct)
    {
        int colon = text.LastIndexOf(':');
        if (
            colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
        )
        {
            return await ScalarAsync(
                """
                SELECT id FROM synthetic.mt_doc_scenario_set
                WHERE data ->> 'name' = $1 AND (data ->> 'version')::integer = $2 AND (data ->> 'version')::integer > 0
                """,
                ct,
                text[..colon],
                version
            );
        }

        // A lineage of tombstones points nowhere; who asks what became of it means the last of them.
        return await ScalarAsync(
            """
            SELECT coalesce(l.current_set_id, (
              SELECT s.id FROM synthetic.mt_doc_scenario_set s
              WHERE s.data ->> 'name' = l.name AND (s.data ->> 'version')::integer > 0
              ORDER BY (s.data ->> 'version')::integer DESC LIMIT 1))
            FROM synthetic.lineages l WHERE l.name = $1
            """,
            ct,
            text
        );
    }

    private async Task<List<string>> ByPrefixAsync(string prefix, CancellationToken ct)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(
            "SELECT id::text FROM synthetic.mt_doc_scenario_set WHERE id::text LIKE $1 || '%' ORDER BY 1 LIMIT $2"
        );
        select.Parameters.Add(new() { Value = prefix });
        select.Parameters.Add(new() { Value = Shown + 1 });
        await using NpgsqlDataReader reader = await select.ExecuteReaderAsync(ct);
        var ids = new List<string>();
        while (await reader.ReadAsync(ct))
            ids.Add(reader.GetString(0));
        return ids;
    }

    private async Task<Guid?> ScalarAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using NpgsqlCommand select = dataSource.CreateCommand(sql);
        foreach (object value in values)
            select.Parameters.Add(new() { Value = value });
        return await select.ExecuteScalarAsync(ct) as Guid?;
    }

    private static ScenarioRefusedException NotFound(string text) =>
        new(
            ErrorCodes.NotFound,
            "set",
            $"'{text}' is neither the id of a set, nor the beginning of one, nor a lineage name or name:version; 'sets list' shows them"
        );
}
