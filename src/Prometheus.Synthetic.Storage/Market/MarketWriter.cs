using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Bulk writes to the market tables, inside the caller's transaction. Series travel by binary COPY as one row of
/// arrays each into a temporary staging table and are unnested and upserted on the server.
/// </summary>
internal sealed class MarketWriter(NpgsqlConnection connection, MarketTables tables)
{
    /// <summary>Series per upsert statement: small enough for a progress bar, large enough to be one index pass.</summary>
    private const int Batch = 16;
    private const int TimeoutSeconds = 600;

    /// <summary>Registers a market unless it is known.</summary>
    public Task EnsureMarketAsync(
        string id,
        string name,
        string region,
        string? timezone,
        string metadata,
        CancellationToken ct
    ) =>
        ExecuteAsync(
            """
            INSERT INTO {markets} ({markets.market_id}, {markets.name}, {markets.region}, {markets.timezone}, {markets.metadata})
            VALUES ($1, $2, $3, $4, $5::jsonb) ON CONFLICT ({markets.market_id}) DO NOTHING
            """,
            [Text(id), Text(name), Text(region), Text(timezone), Text(metadata)],
            ct
        );

    /// <summary>Registers issuers and instruments that are not known; what is registered stays as it is.</summary>
    public async Task EnsureInstrumentsAsync(IReadOnlyList<NewInstrument> instruments, CancellationToken ct)
    {
        NewInstrument[] issued =
        [
            .. instruments.Where(i => i.IssuerId is not null).DistinctBy(i => i.IssuerId, StringComparer.Ordinal),
        ];
        await ExecuteAsync(
            """
            INSERT INTO {issuers} ({issuers.issuer_id}, {issuers.issuer_type}, {issuers.name}, {issuers.country},
                                   {issuers.sector}, {issuers.industry}, {issuers.metadata})
            SELECT i, t, n, c, s, d, m::jsonb
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS u(i, t, n, c, s, d, m)
            ON CONFLICT ({issuers.issuer_id}) DO NOTHING
            """,
            [
                Texts(issued, i => i.IssuerId),
                Texts(issued, i => i.IssuerType),
                Texts(issued, i => i.IssuerName),
                Texts(issued, i => i.Country),
                Texts(issued, i => i.Sector),
                Texts(issued, i => i.Industry),
                Texts(issued, i => i.Metadata),
            ],
            ct
        );
        await ExecuteAsync(
            """
            INSERT INTO {instruments} ({instruments.instrument_id}, {instruments.issuer_id}, {instruments.market_id},
              {instruments.asset_class}, {instruments.symbol}, {instruments.currency}, {instruments.status}, {instruments.metadata})
            SELECT i, s, m, a, y, c, t, d::jsonb
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
              AS u(i, s, m, a, y, c, t, d)
            ON CONFLICT ({instruments.instrument_id}) DO NOTHING
            """,
            [
                Texts(instruments, i => i.InstrumentId),
                Texts(instruments, i => i.IssuerId),
                Texts(instruments, i => i.MarketId),
                Texts(instruments, i => i.AssetClass),
                Texts(instruments, i => i.Symbol),
                Texts(instruments, i => i.Currency),
                Texts(instruments, i => i.Status),
                Texts(instruments, i => i.Metadata),
            ],
            ct
        );
    }

    /// <summary>Upserts returns, factors or macro levels; returns the number of rows inserted or changed.</summary>
    /// <param name="metadata">JSON object per series, or null to leave the column alone.</param>
    public async Task<long> UpsertSeriesAsync(
        string table,
        string idColumn,
        string valueColumn,
        IReadOnlyList<DatedSeries> series,
        Func<string, string>? metadata,
        Action<double>? progress,
        CancellationToken ct
    )
    {
        await StageAsync(series, metadata, ct);
        string upsert = $$"""
            INSERT INTO {{{table}}} AS t ({{{table}}.{{idColumn}}}, {{{table}}.date}, {{{table}}.{{valueColumn}}}{{(metadata is null ? "" : $$""", {{{table}}.metadata}""")}})
            SELECT s.id, DATE '0001-01-01' + u.day, u.value{{(metadata is null ? "" : ", s.metadata::jsonb")}}
            FROM market_stage s, unnest(s.days, s.values) AS u(day, value)
            WHERE s.n >= $1 AND s.n < $2
            ON CONFLICT ({{{table}}.{{idColumn}}}, {{{table}}.date}) DO UPDATE
              SET {{{table}}.{{valueColumn}}} = excluded.{{{table}}.{{valueColumn}}}{{(
                metadata is null ? "" : $$""", {{{table}}.metadata} = excluded.{{{table}}.metadata}"""
            )}}
              WHERE t.{{{table}}.{{valueColumn}}} IS DISTINCT FROM excluded.{{{table}}.{{valueColumn}}}
            """;
        return await InBatchesAsync(upsert, series.Count, [], progress, ct);
    }

    /// <summary>Upserts prices. Columns are per series, aligned with its days; NaN stands for null.</summary>
    public async Task<long> UpsertPricesAsync(
        IReadOnlyList<PriceSeries> series,
        Action<double>? progress,
        CancellationToken ct
    )
    {
        await ExecuteAsync(
            """
            CREATE TEMP TABLE IF NOT EXISTS market_price_stage (
              n int, id text, currency text, days int[], open float8[], high float8[], low float8[], close float8[],
              adjusted float8[], volume float8[]) ON COMMIT DROP;
            TRUNCATE market_price_stage
            """,
            [],
            ct
        );
        await using (
            NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
                "COPY market_price_stage FROM STDIN (FORMAT BINARY)",
                ct
            )
        )
        {
            for (int n = 0; n < series.Count; n++)
            {
                PriceSeries s = series[n];
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(n, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(s.Id, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(s.Currency, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(s.Days, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
                foreach (double[]? column in (double[]?[])[s.Open, s.High, s.Low, s.Close, s.Adjusted, s.Volume])
                {
                    if (column is null)
                        await copy.WriteNullAsync(ct);
                    else
                        await copy.WriteAsync(column, NpgsqlDbType.Array | NpgsqlDbType.Double, ct);
                }
            }

            await copy.CompleteAsync(ct);
        }

        // A null array unnests to nulls beside the others; NaN inside an array becomes null.
        const string Upsert = """
            INSERT INTO {prices_daily} AS t ({prices_daily.instrument_id}, {prices_daily.date}, {prices_daily.open},
              {prices_daily.high}, {prices_daily.low}, {prices_daily.close}, {prices_daily.adjusted_close},
              {prices_daily.volume}, {prices_daily.currency})
            SELECT s.id, DATE '0001-01-01' + u.day, nullif(u.o, 'NaN'), nullif(u.h, 'NaN'), nullif(u.l, 'NaN'),
                   nullif(u.c, 'NaN'), nullif(u.a, 'NaN'), nullif(u.v, 'NaN'), s.currency
            FROM market_price_stage s,
                 unnest(s.days, s.open, s.high, s.low, s.close, s.adjusted, s.volume) AS u(day, o, h, l, c, a, v)
            WHERE s.n >= $1 AND s.n < $2
            ON CONFLICT ({prices_daily.instrument_id}, {prices_daily.date}) DO UPDATE
              SET {prices_daily.open} = coalesce(excluded.{prices_daily.open}, t.{prices_daily.open}),
                  {prices_daily.high} = coalesce(excluded.{prices_daily.high}, t.{prices_daily.high}),
                  {prices_daily.low} = coalesce(excluded.{prices_daily.low}, t.{prices_daily.low}),
                  {prices_daily.close} = excluded.{prices_daily.close},
                  {prices_daily.adjusted_close} = excluded.{prices_daily.adjusted_close},
                  {prices_daily.volume} = coalesce(excluded.{prices_daily.volume}, t.{prices_daily.volume})
              WHERE (t.{prices_daily.open}, t.{prices_daily.high}, t.{prices_daily.low}, t.{prices_daily.close},
                     t.{prices_daily.adjusted_close}, t.{prices_daily.volume})
                IS DISTINCT FROM
                    (coalesce(excluded.{prices_daily.open}, t.{prices_daily.open}),
                     coalesce(excluded.{prices_daily.high}, t.{prices_daily.high}),
                     coalesce(excluded.{prices_daily.low}, t.{prices_daily.low}),
                     excluded.{prices_daily.close}, excluded.{prices_daily.adjusted_close},
                     coalesce(excluded.{prices_daily.volume}, t.{prices_daily.volume}))
            """;
        return await InBatchesAsync(Upsert, series.Count, [], progress, ct);
    }

    /// <summary>
    /// Recomputes returns of the staged price series between consecutive stored prices, the day before the file's first
    /// and the first after its last included, so that history can arrive in pieces. Gaps longer than
    /// <see cref="DatedSeries.LongestReturnGapDays"/> give no return.
    /// </summary>
    public async Task<long> ReturnsFromPricesAsync(int series, Action<double>? progress, CancellationToken ct)
    {
        const string Upsert = """
            INSERT INTO {returns_daily} AS t ({returns_daily.instrument_id}, {returns_daily.date}, {returns_daily.ret_1d})
            SELECT x.id, x.day, x.price / x.before - 1
            FROM (
              SELECT p.{prices_daily.instrument_id} AS id, p.{prices_daily.date} AS day, s.first, s.last,
                     p.{prices_daily.adjusted_close} AS price,
                     lag(p.{prices_daily.adjusted_close}) OVER w AS before, lag(p.{prices_daily.date}) OVER w AS eve
              FROM (SELECT id, DATE '0001-01-01' + days[1] AS first, DATE '0001-01-01' + days[cardinality(days)] AS last
                    FROM market_price_stage WHERE n >= $1 AND n < $2) s
              JOIN {prices_daily} p ON p.{prices_daily.instrument_id} = s.id
                AND p.{prices_daily.date} >= s.first - $3 AND p.{prices_daily.date} <= s.last + $3
              WHERE p.{prices_daily.adjusted_close} > 0
              WINDOW w AS (PARTITION BY p.{prices_daily.instrument_id} ORDER BY p.{prices_daily.date})) x
            WHERE x.before IS NOT NULL AND x.day >= x.first AND x.day - x.eve <= $3
              AND (x.day <= x.last OR x.eve <= x.last)
            ON CONFLICT ({returns_daily.instrument_id}, {returns_daily.date}) DO UPDATE
              SET {returns_daily.ret_1d} = excluded.{returns_daily.ret_1d}
              WHERE t.{returns_daily.ret_1d} IS DISTINCT FROM excluded.{returns_daily.ret_1d}
            """;
        return await InBatchesAsync(Upsert, series, [new() { Value = DatedSeries.LongestReturnGapDays }], progress, ct);
    }

    /// <summary>Gathers planner statistics of tables that grew.</summary>
    public Task AnalyzeAsync(string table, CancellationToken ct) => ExecuteAsync($"ANALYZE {{{table}}}", [], ct);

    public async Task<long> ExecuteAsync(string template, NpgsqlParameter[] parameters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(tables.Sql(template), connection)
        {
            CommandTimeout = TimeoutSeconds,
        };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Texts<T>(IReadOnlyList<T> rows, Func<T, string?> value) =>
        new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private async Task StageAsync(
        IReadOnlyList<DatedSeries> series,
        Func<string, string>? metadata,
        CancellationToken ct
    )
    {
        await ExecuteAsync(
            """
            CREATE TEMP TABLE IF NOT EXISTS market_stage (n int, id text, metadata text, days int[], values float8[]) ON COMMIT DROP;
            TRUNCATE market_stage
            """,
            [],
            ct
        );
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            "COPY market_stage FROM STDIN (FORMAT BINARY)",
            ct
        );
        for (int n = 0; n < series.Count; n++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(n, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(series[n].Id, NpgsqlDbType.Text, ct);
            if (metadata is null)
                await copy.WriteNullAsync(ct);
            else
                await copy.WriteAsync(metadata(series[n].Id), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(series[n].Days, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(series[n].Values, NpgsqlDbType.Array | NpgsqlDbType.Double, ct);
        }

        await copy.CompleteAsync(ct);
    }

    private async Task<long> InBatchesAsync(
        string template,
        int count,
        NpgsqlParameter[] further,
        Action<double>? progress,
        CancellationToken ct
    )
    {
        long rows = 0;
        for (int first = 0; first < count; first += Batch)
        {
            rows += await ExecuteAsync(
                template,
                [new() { Value = first }, new() { Value = first + Batch }, .. further.Select(p => p.Clone())],
                ct
            );
            progress?.Invoke(Math.Min(1.0, (double)(first + Batch) / count));
        }

        return rows;
    }
}

/// <summary>An instrument to register, with its issuer when it has one.</summary>
internal sealed record NewInstrument(
    string InstrumentId,
    string MarketId,
    string AssetClass,
    string Symbol,
    string Currency
)
{
    public string? IssuerId { get; init; }

    public string IssuerType { get; init; } = "COMPANY";

    public string? IssuerName { get; init; }

    public string? Country { get; init; }

    public string? Sector { get; init; }

    public string? Industry { get; init; }

    public string Status { get; init; } = "ACTIVE";

    public string Metadata { get; init; } = "{}";
}

/// <summary>Prices of one instrument, columns aligned with the days; a null column has no values.</summary>
internal sealed record PriceSeries(string Id, string Currency, int[] Days, double[] Close, double[] Adjusted)
{
    public double[]? Open { get; init; }

    public double[]? High { get; init; }

    public double[]? Low { get; init; }

    public double[]? Volume { get; init; }
}
