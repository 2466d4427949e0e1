using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>
/// Bulk writes to the market tables, inside the caller's transaction. Series travel by binary COPY as one row of
/// arrays each into a temporary staging table and are unnested and upserted on the server.
/// </summary>
internal sealed partial class MarketWriter(NpgsqlConnection connection, MarketTables tables)
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
