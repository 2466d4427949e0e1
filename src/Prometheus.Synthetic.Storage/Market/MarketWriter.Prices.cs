using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>Prices, and the returns that follow from them.</summary>
internal sealed partial class MarketWriter
{
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
}
