using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// The SQL of the read side. Every query that touches dated rows takes the last day it may see; nothing here knows a
/// request. All reads of one calibration share a connection in a repeatable-read transaction, so that an ingest
/// running beside it cannot show half of itself.
/// </summary>
internal sealed class MarketReader(NpgsqlConnection connection, MarketTables tables)
{
    public async Task<List<MarketRow>> MarketsAsync(CancellationToken ct) =>
        await ReadAsync(
            "SELECT {markets.market_id}, {markets.name}, {markets.region} FROM {markets} ORDER BY 1",
            [],
            r => new MarketRow(r.GetString(0), Text(r, 1), Text(r, 2)),
            ct
        );

    public async Task<List<InstrumentRow>> InstrumentsAsync(IReadOnlyList<string> markets, CancellationToken ct) =>
        await ReadAsync(
            """
            SELECT i.{instruments.instrument_id}, i.{instruments.market_id}, i.{instruments.asset_class},
                   i.{instruments.issuer_id}, i.{instruments.symbol}, i.{instruments.currency},
                   s.{issuers.issuer_type}, s.{issuers.sector}, s.{issuers.industry}, s.{issuers.country}
            FROM {instruments} i
            LEFT JOIN {issuers} s ON s.{issuers.issuer_id} = i.{instruments.issuer_id}
            WHERE i.{instruments.market_id} = ANY($1)
            ORDER BY i.{instruments.instrument_id} COLLATE "C"
            """,
            [Texts(markets)],
            r => new InstrumentRow(r.GetString(0), r.GetString(1), r.GetString(2))
            {
                IssuerId = Text(r, 3),
                Symbol = Text(r, 4),
                Currency = Text(r, 5)?.Trim(),
                IssuerType = Text(r, 6),
                Sector = Text(r, 7),
                Industry = Text(r, 8),
                Country = Text(r, 9),
            },
            ct
        );

    /// <summary>Country of every sovereign issuer.</summary>
    public async Task<Dictionary<string, string>> SovereignsAsync(CancellationToken ct)
    {
        List<(string Id, string Country)> rows = await ReadAsync(
            "SELECT {issuers.issuer_id}, {issuers.country} FROM {issuers} WHERE {issuers.issuer_type} = 'SOVEREIGN' AND {issuers.country} IS NOT NULL",
            [],
            r => (r.GetString(0), r.GetString(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Country, StringComparer.Ordinal);
    }

    /// <summary>Rows per instrument in a window, from the index alone.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(
        string table,
        IReadOnlyList<string> instruments,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    )
    {
        List<(string Id, int Count)> rows = await ReadAsync(
            $$"""
            SELECT {{{table}}.instrument_id}, count(*)::int FROM {{{table}}}
            WHERE {{{table}}.instrument_id} = ANY($1) AND {{{table}}.date} >= $2 AND {{{table}}.date} <= $3
            GROUP BY 1
            """,
            [Texts(instruments), Day(first), Day(last)],
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
            List<(DateOnly? First, DateOnly? Last)> rows = await ReadAsync(
                $$"""
                SELECT min(x.first)::date, max(x.last)::date
                FROM unnest($1) AS i(id)
                CROSS JOIN LATERAL (
                  SELECT min({{{table}}.date}) AS first, max({{{table}}.date}) AS last
                  FROM {{{table}}} WHERE {{{table}}.instrument_id} = i.id AND {{{table}}.date} <= $2) x
                """,
                [Texts(instruments), Day(asOf)],
                r => (NullableDay(r, 0), NullableDay(r, 1)),
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

    public Task<List<string>> FactorIdsAsync(CancellationToken ct) => DistinctAsync("factors_daily", "factor_id", ct);

    public Task<List<string>> MacroIdsAsync(CancellationToken ct) =>
        DistinctAsync("macro_time_series", "series_id", ct);

    /// <summary>Unit of each macro series: <c>metadata.unit</c> of its latest row that has one.</summary>
    public async Task<Dictionary<string, string>> MacroUnitsAsync(
        IReadOnlyList<string> series,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        List<(string Id, string Unit)> rows = await ReadAsync(
            """
            SELECT i.id, x.unit
            FROM unnest($1) AS i(id)
            CROSS JOIN LATERAL (
              SELECT m.{macro_time_series.metadata} ->> 'unit' AS unit FROM {macro_time_series} m
              WHERE m.{macro_time_series.series_id} = i.id AND m.{macro_time_series.date} <= $2
                AND m.{macro_time_series.metadata} ->> 'unit' <> ''
              ORDER BY m.{macro_time_series.date} DESC LIMIT 1) x
            """,
            [Texts(series), Day(asOf)],
            r => (r.GetString(0), r.GetString(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Unit, StringComparer.Ordinal);
    }

    /// <summary>Last price (close, else adjusted close) of each instrument at or before a day.</summary>
    public async Task<Dictionary<string, double>> LastPricesAsync(
        IReadOnlyList<string> instruments,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        List<(string Id, double Price)> rows = await ReadAsync(
            """
            SELECT i.id, x.price
            FROM unnest($1) AS i(id)
            CROSS JOIN LATERAL (
              SELECT coalesce(p.{prices_daily.close}, p.{prices_daily.adjusted_close})::float8 AS price
              FROM {prices_daily} p
              WHERE p.{prices_daily.instrument_id} = i.id AND p.{prices_daily.date} <= $2
                AND coalesce(p.{prices_daily.close}, p.{prices_daily.adjusted_close}) IS NOT NULL
              ORDER BY p.{prices_daily.date} DESC LIMIT 1) x
            """,
            [Texts(instruments), Day(asOf)],
            r => (r.GetString(0), r.GetDouble(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Price, StringComparer.Ordinal);
    }

    /// <summary>Median of close × volume over an instrument's last days at or before a day.</summary>
    public async Task<Dictionary<string, double>> TradedValuesAsync(
        IReadOnlyList<string> instruments,
        DateOnly asOf,
        int days,
        CancellationToken ct
    )
    {
        List<(string Id, double Value)> rows = await ReadAsync(
            """
            SELECT i.id, percentile_cont(0.5) WITHIN GROUP (ORDER BY x.traded)
            FROM unnest($1) AS i(id)
            CROSS JOIN LATERAL (
              SELECT (p.{prices_daily.close} * p.{prices_daily.volume})::float8 AS traded
              FROM {prices_daily} p
              WHERE p.{prices_daily.instrument_id} = i.id AND p.{prices_daily.date} <= $2
                AND p.{prices_daily.close} IS NOT NULL AND p.{prices_daily.volume} IS NOT NULL
              ORDER BY p.{prices_daily.date} DESC LIMIT $3) x
            GROUP BY i.id
            """,
            [Texts(instruments), Day(asOf), new() { Value = days }],
            r => (r.GetString(0), r.GetDouble(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Value, StringComparer.Ordinal);
    }

    /// <summary>Each instrument's exposures of its latest exposure day at or before a day.</summary>
    public async Task<List<(string Instrument, DateOnly Date, string Factor, double Exposure)>> ExposuresAsync(
        IReadOnlyList<string> instruments,
        DateOnly asOf,
        CancellationToken ct
    ) =>
        await ReadAsync(
            """
            SELECT i.id, e.{instrument_factors_daily.date}::date, e.{instrument_factors_daily.factor_id},
                   e.{instrument_factors_daily.exposure}::float8
            FROM unnest($1) AS i(id)
            CROSS JOIN LATERAL (
              SELECT max(x.{instrument_factors_daily.date}) AS day FROM {instrument_factors_daily} x
              WHERE x.{instrument_factors_daily.instrument_id} = i.id AND x.{instrument_factors_daily.date} <= $2) latest
            JOIN {instrument_factors_daily} e
              ON e.{instrument_factors_daily.instrument_id} = i.id AND e.{instrument_factors_daily.date} = latest.day
            WHERE e.{instrument_factors_daily.exposure} IS NOT NULL
            """,
            [Texts(instruments), Day(asOf)],
            r => (r.GetString(0), DayOf(r, 1), r.GetString(2), r.GetDouble(3)),
            ct
        );

    /// <summary>The registered models, with the factor ids a factor model names in its specification.</summary>
    public async Task<List<ModelRow>> ModelsAsync(CancellationToken ct) =>
        await ReadAsync(
            """
            SELECT {models.model_id}, {models.engine_name}, {models.type}, {models.training_data_spec}::text
            FROM {models} ORDER BY {models.model_id} COLLATE "C"
            """,
            [],
            r => new ModelRow(r.GetString(0), Text(r, 1), Text(r, 2), FactorsOf(Text(r, 3))),
            ct
        );

    public Task<List<string>> RegimeRegionsAsync(CancellationToken ct) => DistinctAsync("regimes", "region", ct);

    /// <summary>Labels of one region and model in a span of days, ascending.</summary>
    public async Task<List<RegimeRow>> RegimesAsync(
        string region,
        string model,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) =>
        await ReadAsync(
            """
            SELECT {regimes.as_of_date}::date, {regimes.regime_label}, {regimes.confidence}::float8
            FROM {regimes}
            WHERE {regimes.region} = $1 AND {regimes.model_id} = $2
              AND {regimes.as_of_date} >= $3 AND {regimes.as_of_date} <= $4
            ORDER BY {regimes.as_of_date}
            """,
            [new() { Value = region }, new() { Value = model }, Day(first), Day(last)],
            r => new RegimeRow(DayOf(r, 0).DayNumber, r.GetString(1), r.IsDBNull(2) ? double.NaN : r.GetDouble(2)),
            ct
        );

    /// <summary>
    /// Models that labelled a region (or scored any entity, or one of a type) at or before a day, the one that spoke last first; among
    /// those of the same last day the most recently registered, then the last by id.
    /// </summary>
    public async Task<List<(string Model, DateOnly Last)>> ModelsOfAsync(
        string table,
        string? region,
        DateOnly asOf,
        CancellationToken ct,
        string? entityType = null
    ) =>
        await ReadAsync(
            $$"""
            SELECT t.model_id, max(t.as_of_date)::date
            FROM (SELECT {{{table}}.model_id} AS model_id, {{{table}}.as_of_date} AS as_of_date FROM {{{table}}}
                  WHERE {{{table}}.as_of_date} <= $1{{(region is null ? "" : " AND {regimes.region} = $2")}}{{(
                entityType is null ? "" : $$""" AND {{{table}}.entity_type} = $2"""
            )}}) t
            LEFT JOIN {models} m ON m.{models.model_id} = t.model_id
            GROUP BY t.model_id
            ORDER BY max(t.as_of_date) DESC, max(m.{models.created_at}) DESC NULLS LAST, t.model_id COLLATE "C" DESC
            """,
            (region ?? entityType) is { } only ? [Day(asOf), new() { Value = only }] : [Day(asOf)],
            r => (r.GetString(0), DayOf(r, 1)),
            ct
        );

    /// <summary>All scores one model gave on one day. Columns beyond the keys differ between platforms: rows come as JSON.</summary>
    public async Task<ScoreSheet> ScoresAsync(ScoreTable table, string model, DateOnly day, CancellationToken ct)
    {
        string name = NameOf(table);
        List<EntityScore> scores = await ReadAsync(
            $$"""
            SELECT t.{{{name}}.entity_type}, t.{{{name}}.entity_id}, to_jsonb(t)::text
            FROM {{{name}}} t
            WHERE t.{{{name}}.model_id} = $1 AND t.{{{name}}.as_of_date} = $2
            ORDER BY t.{{{name}}.entity_type} COLLATE "C", t.{{{name}}.entity_id} COLLATE "C"
            """,
            [new() { Value = model }, Day(day)],
            r =>
            {
                using JsonDocument row = JsonDocument.Parse(r.GetString(2));
                return ScoreRow.Read(table, r.GetString(0), r.GetString(1), row.RootElement);
            },
            ct
        );
        return new ScoreSheet(table, model, day, scores);
    }

    /// <summary>All scores of one entity at or before a day, by any model, ascending by day.</summary>
    public async Task<List<DatedScore>> ScoresOfAsync(
        ScoreTable table,
        string entityType,
        string entityId,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        string name = NameOf(table);
        return await ReadAsync(
            $$"""
            SELECT t.{{{name}}.as_of_date}::date, t.{{{name}}.model_id}, to_jsonb(t)::text
            FROM {{{name}}} t
            WHERE t.{{{name}}.entity_type} = $1 AND t.{{{name}}.entity_id} = $2 AND t.{{{name}}.as_of_date} <= $3
            ORDER BY t.{{{name}}.as_of_date}, t.{{{name}}.model_id} COLLATE "C"
            """,
            [new() { Value = entityType }, new() { Value = entityId }, Day(asOf)],
            r =>
            {
                using JsonDocument row = JsonDocument.Parse(r.GetString(2));
                EntityScore score = ScoreRow.Read(table, entityType, entityId, row.RootElement);
                return new DatedScore(DayOf(r, 0).DayNumber, r.GetString(1), score.Score, score.Class);
            },
            ct
        );
    }

    public static string NameOf(ScoreTable table) =>
        table switch
        {
            ScoreTable.Stability => "stability_vectors",
            ScoreTable.Fragility => "fragility_measures",
            _ => "soft_target_classes",
        };

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
        NpgsqlParameter[] parameters = ids is null ? [Day(first), Day(last)] : [Day(first), Day(last), Texts(ids)];
        List<DatedSeries> rows = await ReadAsync(
            sql,
            parameters,
            r => DatedSeries.Of(r.GetString(0), r.GetFieldValue<int[]>(1), r.GetFieldValue<double[]>(2)),
            ct
        );
        return rows.ToDictionary(s => s.Id, StringComparer.Ordinal);
    }

    /// <summary>Distinct leading key values by skipping through the index instead of reading the table.</summary>
    private Task<List<string>> DistinctAsync(string table, string column, CancellationToken ct) =>
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

    private async Task<List<T>> ReadAsync<T>(
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

    private static NpgsqlParameter Texts(IReadOnlyList<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Day(DateOnly day) => new() { Value = day, NpgsqlDbType = NpgsqlDbType.Date };

    private static string? Text(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : r.GetString(i);

    private static DateOnly DayOf(NpgsqlDataReader r, int i) => r.GetFieldValue<DateOnly>(i);

    private static DateOnly? NullableDay(NpgsqlDataReader r, int i) => r.IsDBNull(i) ? null : DayOf(r, i);

    private static IReadOnlyList<string>? FactorsOf(string? specification)
    {
        if (specification is null)
            return null;
        using JsonDocument document = JsonDocument.Parse(specification);
        foreach (string key in (string[])["factors", "factor_ids"])
        {
            if (
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(key, out JsonElement list)
                && list.ValueKind == JsonValueKind.Array
            )
                return
                [
                    .. list.EnumerateArray()
                        .Where(e => e.ValueKind == JsonValueKind.String)
                        .Select(e => e.GetString()!)
                        .Order(StringComparer.Ordinal),
                ];
        }

        return null;
    }
}

/// <param name="Factors">Factor ids named by <c>training_data_spec.factors</c>; null when it names none.</param>
internal sealed record ModelRow(string ModelId, string? Engine, string? Type, IReadOnlyList<string>? Factors);

/// <param name="Day">Day number.</param>
/// <param name="Confidence">NaN where the model gives none.</param>
internal sealed record RegimeRow(int Day, string Label, double Confidence);

/// <summary>Reads a score row of either published form: own columns, or the same keys inside <c>metadata</c>.</summary>
internal static class ScoreRow
{
    public static EntityScore Read(ScoreTable table, string entityType, string entityId, JsonElement row)
    {
        JsonElement metadata = Member(row, "metadata") is { ValueKind: JsonValueKind.Object } m ? m : default;
        (string[] scores, string[] classes, string[] parts) = table switch
        {
            ScoreTable.Stability => (
                (string[])["stability_score"],
                (string[])["stability_class", "class"],
                Array.Empty<string>()
            ),
            ScoreTable.Fragility => (
                ["fragility_score", "fragility_alpha", "expected_shortfall"],
                ["fragility_class", "class"],
                ["expected_shortfall", "worst_case_loss"]
            ),
            _ => (
                ["soft_target_score", "score"],
                ["soft_target_class", "class"],
                ["weak_profile", "instability", "high_fragility", "complacent_pricing"]
            ),
        };
        var components = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (JsonElement? part in (JsonElement?[])[Member(row, "components"), Member(metadata, "components")])
        {
            if (part is not { ValueKind: JsonValueKind.Object } from)
                continue;
            foreach (JsonProperty p in from.EnumerateObject())
            {
                if (Number(p.Value) is { } value)
                    components[p.Name] = value;
            }
        }

        foreach (string key in parts)
        {
            if ((Number(Member(row, key)) ?? Number(Member(metadata, key))) is { } value)
                components[key] = value;
        }

        return new EntityScore(
            entityType,
            entityId,
            First(scores, k => Number(Member(row, k)) ?? Number(Member(metadata, k))),
            classes.Select(k => Text(Member(row, k)) ?? Text(Member(metadata, k))).FirstOrDefault(c => c is not null)
        )
        {
            Components = components,
        };
    }

    private static double? First(string[] keys, Func<string, double?> read)
    {
        foreach (string key in keys)
        {
            if (read(key) is { } value)
                return value;
        }

        return null;
    }

    private static JsonElement? Member(JsonElement? element, string key) =>
        element is { ValueKind: JsonValueKind.Object } e && e.TryGetProperty(key, out JsonElement value) ? value : null;

    private static double? Number(JsonElement? e) =>
        e switch
        {
            { ValueKind: JsonValueKind.Number } n => n.GetDouble(),
            { ValueKind: JsonValueKind.True } => 1.0,
            { ValueKind: JsonValueKind.False } => 0.0,
            // The platform's JSON writers turn decimals into text in places.
            { ValueKind: JsonValueKind.String } s
                when double.TryParse(s.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d)
                    && double.IsFinite(d) => d,
            _ => null,
        };

    private static string? Text(JsonElement? e) => e is { ValueKind: JsonValueKind.String } s ? s.GetString() : null;
}
