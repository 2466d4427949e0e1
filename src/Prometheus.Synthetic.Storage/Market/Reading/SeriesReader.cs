using Npgsql;

namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>Dated series: returns, prices, factors and macro, with their ids, units, counts and spans.</summary>
internal sealed class SeriesReader(MarketQuery query)
{
    /// <summary>Rows per instrument in a window, from the index alone.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(
        string table,
        IReadOnlyList<string> instruments,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    )
    {
        List<(string Id, int Count)> rows = await query.ReadAsync(
            $$"""
            SELECT {{{table}}.instrument_id}, count(*)::int FROM {{{table}}}
            WHERE {{{table}}.instrument_id} = ANY($1) AND {{{table}}.date} >= $2 AND {{{table}}.date} <= $3
            GROUP BY 1
            """,
            [MarketQuery.Texts(instruments), MarketQuery.Day(first), MarketQuery.Day(last)],
            r => (r.GetString(0), r.GetInt32(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Count, StringComparer.Ordinal);
    }

    /// <summary>First and last data day of any of the instruments at or before a day, over returns and prices.</summary>
    public async Task<(DateOnly First, DateOnly Last)?> DataRangeAsync(
        IReadOnlyList<string> instruments,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        DateOnly? first = null;
        DateOnly? last = null;
        foreach (string table in (string[])["returns_daily", "prices_daily"])
        {
            List<(DateOnly? First, DateOnly? Last)> rows = await query.ReadAsync(
                $$"""
                SELECT min(x.first)::date, max(x.last)::date
                FROM unnest($1) AS i(id)
                CROSS JOIN LATERAL (
                  SELECT min({{{table}}.date}) AS first, max({{{table}}.date}) AS last
                  FROM {{{table}}} WHERE {{{table}}.instrument_id} = i.id AND {{{table}}.date} <= $2) x
                """,
                [MarketQuery.Texts(instruments), MarketQuery.Day(asOf)],
                r => (MarketQuery.NullableDay(r, 0), MarketQuery.NullableDay(r, 1)),
                ct
            );
            (DateOnly? f, DateOnly? l) = rows[0];
            first = first is null || f < first ? f ?? first : first;
            last = last is null || l > last ? l ?? last : last;
        }

        return first is { } a && last is { } b ? (a, b) : null;
    }

    public Task<Dictionary<string, DatedSeries>> ReturnsAsync(
        IReadOnlyList<string> instruments,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) => SeriesAsync("returns_daily", "instrument_id", "{returns_daily.ret_1d}", instruments, first, last, ct);

    /// <summary>Adjusted closes, close where that is null.</summary>
    public Task<Dictionary<string, DatedSeries>> PricesAsync(
        IReadOnlyList<string> instruments,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) =>
        SeriesAsync(
            "prices_daily",
            "instrument_id",
            "coalesce({prices_daily.adjusted_close}, {prices_daily.close})",
            instruments,
            first,
            last,
            ct
        );

    public Task<Dictionary<string, DatedSeries>> FactorsAsync(
        IReadOnlyList<string>? factors,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) => SeriesAsync("factors_daily", "factor_id", "{factors_daily.value}", factors, first, last, ct);

    public Task<Dictionary<string, DatedSeries>> MacroAsync(
        IReadOnlyList<string> series,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) => SeriesAsync("macro_time_series", "series_id", "{macro_time_series.value}", series, first, last, ct);

    public Task<List<string>> FactorIdsAsync(CancellationToken ct) =>
        query.DistinctAsync("factors_daily", "factor_id", ct);

    public Task<List<string>> MacroIdsAsync(CancellationToken ct) =>
        query.DistinctAsync("macro_time_series", "series_id", ct);

    /// <summary>Unit of each macro series: <c>metadata.unit</c> of its latest row that has one.</summary>
    public async Task<Dictionary<string, string>> MacroUnitsAsync(
        IReadOnlyList<string> series,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        List<(string Id, string Unit)> rows = await query.ReadAsync(
            """
            SELECT i.id, x.unit
            FROM unnest($1) AS i(id)
            CROSS JOIN LATERAL (
              SELECT m.{macro_time_series.metadata} ->> 'unit' AS unit FROM {macro_time_series} m
              WHERE m.{macro_time_series.series_id} = i.id AND m.{macro_time_series.date} <= $2
                AND m.{macro_time_series.metadata} ->> 'unit' <> ''
              ORDER BY m.{macro_time_series.date} DESC LIMIT 1) x
            """,
            [MarketQuery.Texts(series), MarketQuery.Day(asOf)],
            r => (r.GetString(0), r.GetString(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Unit, StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, DatedSeries>> SeriesAsync(
        string table,
        string idColumn,
        string value,
        IReadOnlyList<string>? ids,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    )
    {
        // One row per series with two arrays: a fifth of the bytes and none of the per-row work of one row per cell.
        string sql = $$"""
            SELECT x.id, array_agg(x.day), array_agg(x.value)
            FROM (SELECT {{{table}}.{{idColumn}}} AS id, ({{{table}}.date}::date - DATE '0001-01-01') AS day,
                         ({{value}})::float8 AS value
                  FROM {{{table}}}
                  WHERE {{(ids is null ? "" : $$"""{{{table}}.{{idColumn}}} = ANY($3) AND """)}}{{{table}}.date} >= $1
                    AND {{{table}}.date} <= $2 AND {{value}} IS NOT NULL) x
            GROUP BY x.id
            """;
        NpgsqlParameter[] parameters = ids is null
            ? [MarketQuery.Day(first), MarketQuery.Day(last)]
            : [MarketQuery.Day(first), MarketQuery.Day(last), MarketQuery.Texts(ids)];
        List<DatedSeries> rows = await query.ReadAsync(
            sql,
            parameters,
            r => DatedSeries.Of(r.GetString(0), r.GetFieldValue<int[]>(1), r.GetFieldValue<double[]>(2)),
            ct
        );
        return rows.ToDictionary(s => s.Id, StringComparer.Ordinal);
    }
}
