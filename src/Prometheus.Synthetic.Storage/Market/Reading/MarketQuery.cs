using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>One connection to the market's relations, whose names come from configuration, and how a query is read from it.</summary>
internal sealed class MarketQuery(NpgsqlConnection connection, MarketTables tables)
{
    public async Task<List<T>> ReadAsync<T>(
        string template,
        NpgsqlParameter[] parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(tables.Sql(template), connection);
        command.Parameters.AddRange(parameters);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Distinct leading key values by skipping through the index instead of reading the table.</summary>
    public Task<List<string>> DistinctAsync(string table, string column, CancellationToken ct) =>
        ReadAsync(
            $$"""
            WITH RECURSIVE ids AS (
              (SELECT {{{table}}.{{column}}} AS id FROM {{{table}}} ORDER BY 1 LIMIT 1)
              UNION ALL
              SELECT (SELECT t.{{{table}}.{{column}}} FROM {{{table}}} t WHERE t.{{{table}}.{{column}}} > ids.id ORDER BY 1 LIMIT 1)
              FROM ids WHERE ids.id IS NOT NULL)
            SELECT id FROM ids WHERE id IS NOT NULL ORDER BY id COLLATE "C"
            """,
            [],
            r => r.GetString(0),
            ct
        );

    public static NpgsqlParameter Texts(IReadOnlyList<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Day(DateOnly day) => new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date };

    public static string? Text(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : r.GetString(i);

    public static DateOnly DayOf(NpgsqlDataReader r, int i) => r.GetFieldValue<DateOnly>(i);

    public static DateOnly? NullableDay(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : DayOf(r, i);
}
