using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Writes simulated markets into the market tables, all in one transaction.</summary>
public sealed class SimulatedMarketStore(NpgsqlDataSource source, MarketTables tables)
{
    private static readonly string[] s_series =
    [
        "prices_daily",
        "returns_daily",
        "volatility_daily",
        "instrument_factors_daily",
    ];

    /// <exception cref="Scenarios.Errors.ScenarioRefusedException">
    /// An option is out of range; a market, factor, macro series or region holds other rows and
    /// <see cref="MarketSimulationOptions.Replace"/> is not set; another simulated market of another seed, length or
    /// end would be left on factors that are not its own.
    /// </exception>
    public async Task<SimulationReport> WriteAsync(
        MarketSimulationOptions options,
        IProgress<SimulationProgress>? progress,
        CancellationToken ct
    )
    {
        options.Validate();
        string[] markets = [.. options.Markets.Distinct(StringComparer.Ordinal)];
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        var writer = new MarketWriter(connection, tables);
        string specification = Specification(options);
        var guard = new SimulationGuard(connection, tables);
        bool shared = await guard.CheckAsync(options, markets, specification, ct);

        progress?.Report(new SimulationProgress("world", 0));
        SimulatedWorld world = SimulatedWorld.Create(options.Seed, options.Years, options.End);
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (options.Replace)
            await RemoveAsync(writer, markets, ct);
        if (!shared)
            await WriteWorldAsync(connection, writer, world, specification, rows, ct);
        var instruments = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int m = 0; m < markets.Length; m++)
        {
            progress?.Report(new SimulationProgress(markets[m], (double)m / markets.Length));
            SimulatedMarket market = MarketSimulator.Simulate(world, markets[m]);
            double from = (double)m / markets.Length;
            await WriteMarketAsync(
                connection,
                writer,
                world,
                market,
                specification,
                rows,
                f => progress?.Report(new SimulationProgress(market.MarketId, from + f / markets.Length)),
                ct
            );
            instruments[market.MarketId] = market.Instruments.Count;
        }

        await transaction.CommitAsync(ct);
        progress?.Report(new SimulationProgress("statistics", 1));
        foreach (string table in rows.Keys)
            await writer.AnalyzeAsync(table, ct);
        return new SimulationReport(
            options.Seed,
            options.Years,
            world.Days[0],
            world.Days[^1],
            instruments,
            rows,
            new SortedDictionary<string, int>(
                world.Phases.GroupBy(p => p.ToString()).ToDictionary(g => g.Key, g => g.Count()),
                StringComparer.Ordinal
            )
        );
    }

    private static string Specification(MarketSimulationOptions o) =>
        JsonSerializer.Serialize(
            new SortedDictionary<string, object>(StringComparer.Ordinal)
            {
                ["seed"] = o.Seed.ToString(CultureInfo.InvariantCulture),
                ["years"] = o.Years,
                ["end"] = o.End.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                ["factors"] = FactorPaths.Ids,
            }
        );

    private static async Task RemoveAsync(MarketWriter writer, string[] markets, CancellationToken ct)
    {
        foreach (string table in s_series)
            await writer.ExecuteAsync(
                $$"""
                DELETE FROM {{{table}}} WHERE {{{table}}.instrument_id} IN (
                  SELECT {instruments.instrument_id} FROM {instruments} WHERE {instruments.market_id} = ANY($1))
                """,
                [Names(markets)],
                ct
            );
        await writer.ExecuteAsync(
            "DELETE FROM {instruments} WHERE {instruments.market_id} = ANY($1)",
            [Names(markets)],
            ct
        );
    }

    private async Task WriteWorldAsync(
        NpgsqlConnection connection,
        MarketWriter writer,
        SimulatedWorld world,
        string specification,
        SortedDictionary<string, long> rows,
        CancellationToken ct
    )
    {
        var bulk = new BulkCopy(connection, tables);
        await writer.ExecuteAsync(
            "DELETE FROM {factors_daily} WHERE {factors_daily.factor_id} = ANY($1)",
            [Names(FactorPaths.Ids)],
            ct
        );
        await writer.ExecuteAsync(
            "DELETE FROM {macro_time_series} WHERE {macro_time_series.series_id} = ANY($1)",
            [Names(MacroPaths.Ids)],
            ct
        );
        await writer.ExecuteAsync(
            "DELETE FROM {regimes} WHERE {regimes.model_id} = $1",
            [MarketWriter.Text(MarketSimulator.RegimeModelId)],
            ct
        );
        foreach (string table in (string[])["stability_vectors", "fragility_measures", "soft_target_classes"])
            await writer.ExecuteAsync(
                $$"""DELETE FROM {{{table}}} WHERE {{{table}}.model_id} = $1""",
                [MarketWriter.Text(MarketSimulator.ScoreModelId)],
                ct
            );
        await writer.ExecuteAsync(
            """
            INSERT INTO {models} ({models.model_id}, {models.engine_name}, {models.type}, {models.training_data_spec})
            SELECT u.id, 'market_simulation', u.type, CASE WHEN u.type = 'factor_model' THEN $3::jsonb ELSE $3::jsonb - 'factors' END
            FROM unnest($1::text[], $2::text[]) AS u(id, type)
            ON CONFLICT ({models.model_id}) DO UPDATE SET {models.training_data_spec} = excluded.{models.training_data_spec}
            """,
            [
                Names([MarketSimulator.FactorModelId, MarketSimulator.RegimeModelId, MarketSimulator.ScoreModelId]),
                Names(["factor_model", "regime_model", "score_model"]),
                MarketWriter.Text(specification),
            ],
            ct
        );
        rows["models"] = 3;
        await using (
            NpgsqlBinaryImporter copy = await bulk.BeginAsync("factors_daily", ct, "factor_id", "date", "value")
        )
        {
            for (int f = 0; f < FactorPaths.Ids.Length; f++)
            {
                for (int t = 0; t < world.Days.Length; t++)
                {
                    copy.StartRow();
                    BulkCopy.Text(copy, FactorPaths.Ids[f]);
                    BulkCopy.Day(copy, world.Days[t]);
                    BulkCopy.Number(copy, world.Factors.Values[f][t]);
                }
            }

            rows["factors_daily"] = (long)await copy.CompleteAsync(ct);
        }

        await using (
            NpgsqlBinaryImporter copy = await bulk.BeginAsync(
                "macro_time_series",
                ct,
                "series_id",
                "date",
                "value",
                "metadata"
            )
        )
        {
            foreach (MacroPath macro in world.Macro)
            {
                string metadata = JsonSerializer.Serialize(
                    new Dictionary<string, string>
                    {
                        ["unit"] = macro.Unit,
                        ["name"] = macro.Name,
                        ["source"] = "simulated",
                    }
                );
                for (int t = 0; t < macro.Days.Length; t++)
                {
                    copy.StartRow();
                    BulkCopy.Text(copy, macro.Id);
                    BulkCopy.Day(copy, DateOnly.FromDayNumber(macro.Days[t]));
                    BulkCopy.Number(copy, macro.Values[t]);
                    BulkCopy.Json(copy, metadata);
                }
            }

            rows["macro_time_series"] = (long)await copy.CompleteAsync(ct);
        }

        await using (
            NpgsqlBinaryImporter copy = await bulk.BeginAsync(
                "regimes",
                ct,
                "region",
                "as_of_date",
                "regime_label",
                "model_id",
                "confidence"
            )
        )
        {
            for (int r = 0; r < SimulatedWorld.Regions.Count; r++)
            {
                (string region, int delay) = SimulatedWorld.Regions[r];
                (Phase[] labels, double[] confidence) = RegimePhases.Observe(world.Draws, world.Phases, r, delay);
                for (int t = 0; t < labels.Length; t++)
                {
                    copy.StartRow();
                    BulkCopy.Text(copy, region);
                    BulkCopy.Day(copy, world.Days[t]);
                    BulkCopy.Text(copy, labels[t].ToString());
                    BulkCopy.Text(copy, MarketSimulator.RegimeModelId);
                    BulkCopy.Number(copy, confidence[t]);
                }
            }

            rows["regimes"] = (long)await copy.CompleteAsync(ct);
        }
    }

    private async Task WriteMarketAsync(
        NpgsqlConnection connection,
        MarketWriter writer,
        SimulatedWorld world,
        SimulatedMarket market,
        string specification,
        SortedDictionary<string, long> rows,
        Action<double> progress,
        CancellationToken ct
    )
    {
        await writer.EnsureMarketAsync(market.MarketId, market.Name, market.Region, market.Timezone, "{}", ct);
        await writer.ExecuteAsync(
            """
            UPDATE {markets} SET {markets.name} = $2, {markets.region} = $3, {markets.timezone} = $4, {markets.calendar_spec} = $5::jsonb,
              {markets.metadata} = jsonb_build_object('source', 'simulated', 'simulation', $6::jsonb)
            WHERE {markets.market_id} = $1
            """,
            [
                MarketWriter.Text(market.MarketId),
                MarketWriter.Text(market.Name),
                MarketWriter.Text(market.Region),
                MarketWriter.Text(market.Timezone),
                MarketWriter.Text(TradingCalendar.Specification),
                MarketWriter.Text(specification),
            ],
            ct
        );
        await WriteIssuersAsync(writer, market, ct);
        await writer.EnsureInstrumentsAsync([.. market.Instruments.Select(i => i.Master)], ct);
        Add(rows, "markets", 1);
        Add(rows, "instruments", market.Instruments.Count);
        Add(rows, "issuers", market.Issuers.Count + market.Instruments.Count(i => i.Master.AssetClass == "EQUITY"));
        var copy = new InstrumentCopy(new BulkCopy(connection, tables), world, market.Instruments);
        Add(rows, "prices_daily", await copy.PricesAsync(ct));
        progress(0.4);
        Add(rows, "returns_daily", await copy.ReturnsAsync(ct));
        progress(0.65);
        Add(rows, "volatility_daily", await copy.VolatilityAsync(ct));
        progress(0.85);
        Add(rows, "instrument_factors_daily", await copy.ExposuresAsync(ct));
        IReadOnlyList<EntityScoreRow> scores = EntityScores.Of(world, market);
        await new ScoreCopy(connection, tables).WriteAsync(scores, rows, ct);
        progress(1);
    }

    /// <summary>Issuers of a name are the same in every simulation, so a known row stays: instruments may refer to it.</summary>
    private static Task<long> WriteIssuersAsync(MarketWriter writer, SimulatedMarket market, CancellationToken ct) =>
        writer.ExecuteAsync(
            """
            INSERT INTO {issuers} ({issuers.issuer_id}, {issuers.issuer_type}, {issuers.name}, {issuers.country}, {issuers.sector}, {issuers.metadata})
            SELECT i, t, n, c, s, '{"source":"simulated"}'::jsonb
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS u(i, t, n, c, s)
            ON CONFLICT ({issuers.issuer_id}) DO NOTHING
            """,
            [
                MarketWriter.Texts(market.Issuers, i => i.Id),
                MarketWriter.Texts(market.Issuers, i => i.Type),
                MarketWriter.Texts(market.Issuers, i => i.Name),
                MarketWriter.Texts(market.Issuers, i => i.Country),
                MarketWriter.Texts(market.Issuers, i => i.Sector),
            ],
            ct
        );

    internal static void Add(SortedDictionary<string, long> rows, string table, long count) =>
        rows[table] = rows.GetValueOrDefault(table) + count;

    private static NpgsqlParameter Names(string[] names) =>
        new() { Value = names, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
