namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>What trades and what hangs on it: markets, instruments with their issuers, last prices, traded values, exposures.</summary>
internal sealed class InstrumentReader(MarketQuery query)
{
    public async Task<List<MarketRow>> MarketsAsync(CancellationToken ct) =>
        await query.ReadAsync(
            "SELECT {markets.market_id}, {markets.name}, {markets.region} FROM {markets} ORDER BY 1",
            [],
            r => new MarketRow(r.GetString(0), MarketQuery.Text(r, 1), MarketQuery.Text(r, 2)),
            ct
        );

    public async Task<List<InstrumentRow>> InstrumentsAsync(IReadOnlyList<string> markets, CancellationToken ct) =>
        await query.ReadAsync(
            """
            SELECT i.{instruments.instrument_id}, i.{instruments.market_id}, i.{instruments.asset_class},
                   i.{instruments.issuer_id}, i.{instruments.symbol}, i.{instruments.currency},
                   s.{issuers.issuer_type}, s.{issuers.sector}, s.{issuers.industry}, s.{issuers.country}
            FROM {instruments} i
            LEFT JOIN {issuers} s ON s.{issuers.issuer_id} = i.{instruments.issuer_id}
            WHERE i.{instruments.market_id} = ANY($1)
            ORDER BY i.{instruments.instrument_id} COLLATE "C"
            """,
            [MarketQuery.Texts(markets)],
            r => new InstrumentRow(r.GetString(0), r.GetString(1), r.GetString(2))
            {
                IssuerId = MarketQuery.Text(r, 3),
                Symbol = MarketQuery.Text(r, 4),
                Currency = MarketQuery.Text(r, 5)?.Trim(),
                IssuerType = MarketQuery.Text(r, 6),
                Sector = MarketQuery.Text(r, 7),
                Industry = MarketQuery.Text(r, 8),
                Country = MarketQuery.Text(r, 9),
            },
            ct
        );

    /// <summary>Country of every sovereign issuer.</summary>
    public async Task<Dictionary<string, string>> SovereignsAsync(CancellationToken ct)
    {
        List<(string Id, string Country)> rows = await query.ReadAsync(
            "SELECT {issuers.issuer_id}, {issuers.country} FROM {issuers} WHERE {issuers.issuer_type} = 'SOVEREIGN' AND {issuers.country} IS NOT NULL",
            [],
            r => (r.GetString(0), r.GetString(1)),
            ct
        );
        return rows.ToDictionary(r => r.Id, r => r.Country, StringComparer.Ordinal);
    }

    /// <summary>Last price (close, else adjusted close) of each instrument at or before a day.</summary>
    public async Task<Dictionary<string, double>> LastPricesAsync(
        IReadOnlyList<string> instruments,
        DateOnly asOf,
        CancellationToken ct
    )
    {
        List<(string Id, double Price)> rows = await query.ReadAsync(
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
            [MarketQuery.Texts(instruments), MarketQuery.Day(asOf)],
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
        List<(string Id, double Value)> rows = await query.ReadAsync(
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
            [MarketQuery.Texts(instruments), MarketQuery.Day(asOf), new() { Value = days }],
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
        await query.ReadAsync(
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
            [MarketQuery.Texts(instruments), MarketQuery.Day(asOf)],
            r => (r.GetString(0), MarketQuery.DayOf(r, 1), r.GetString(2), r.GetDouble(3)),
            ct
        );
}
