using Npgsql;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>What the market tables hold.</summary>
public sealed class MarketCatalogue(NpgsqlDataSource source, MarketTables tables)
{
    /// <summary>Every market with its instruments and the first and last day of their data, by id.</summary>
    public async Task<IReadOnlyList<MarketSummary>> ListAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var reader = new MarketReader(connection, tables);
        var summaries = new List<MarketSummary>();
        foreach (MarketRow market in await reader.Instruments.MarketsAsync(ct))
            summaries.Add(await SummaryAsync(reader, market, ct));
        return summaries;
    }

    /// <summary>
    /// The last day on which any of the markets has data: the default as-of date of a request that names none.
    /// </summary>
    /// <exception cref="ScenarioRefusedException">A market is unknown, or none has data.</exception>
    public async Task<DateOnly> LatestDataDateAsync(IReadOnlyList<string> markets, CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var reader = new MarketReader(connection, tables);
        List<MarketRow> known = await reader.Instruments.MarketsAsync(ct);
        RefuseUnknown(markets, known);
        DateOnly? latest = null;
        foreach (MarketRow market in known.Where(m => markets.Contains(m.MarketId, StringComparer.Ordinal)))
        {
            MarketSummary summary = await SummaryAsync(reader, market, ct);
            if (latest is null || summary.LastDate > latest)
                latest = summary.LastDate ?? latest;
        }

        return latest
            ?? throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                "markets",
                $"{string.Join(", ", markets)} has no returns and no prices; import some or run 'market simulate'"
            );
    }

    /// <summary>Factor and macro series ids.</summary>
    public async Task<(IReadOnlyList<string> Factors, IReadOnlyList<string> Macro)> SeriesAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var reader = new MarketReader(connection, tables);
        return (await reader.Series.FactorIdsAsync(ct), await reader.Series.MacroIdsAsync(ct));
    }

    /// <summary>Per region, the model that labelled last and its days per label.</summary>
    public async Task<IReadOnlyList<RegimeSummary>> RegimesAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        var reader = new MarketReader(connection, tables);
        var summaries = new List<RegimeSummary>();
        foreach (string region in await reader.Registry.RegimeRegionsAsync(ct))
        {
            (string model, DateOnly last) = (
                await reader.Registry.ModelsOfAsync("regimes", region, DateOnly.MaxValue, ct)
            )[0];
            List<RegimeRow> rows = await reader.Registry.RegimesAsync(region, model, DateOnly.MinValue, last, ct);
            var days = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (RegimeRow row in rows)
                days[row.Label] = days.GetValueOrDefault(row.Label) + 1;
            summaries.Add(new RegimeSummary(region, model, rows[^1].Label, days));
        }

        return summaries;
    }

    /// <summary>Ids of the registered models that name their factors: what <c>factor_model_id</c> may be.</summary>
    public async Task<IReadOnlyList<string>> FactorModelsAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(ct);
        List<ModelRow> models = await new MarketReader(connection, tables).Registry.ModelsAsync(ct);
        return [.. models.Where(m => m.Factors is not null).Select(m => m.ModelId)];
    }

    internal static void RefuseUnknown(IReadOnlyList<string> asked, List<MarketRow> known)
    {
        string[] ids = [.. known.Select(m => m.MarketId).Order(StringComparer.Ordinal)];
        FieldError[] errors =
        [
            .. asked
                .Distinct(StringComparer.Ordinal)
                .Where(m => !ids.Contains(m, StringComparer.Ordinal))
                .Select(m => new FieldError(
                    ErrorCodes.UnknownMarket,
                    "markets",
                    $"no market '{m}'; known markets: {(ids.Length == 0 ? "none, import history or run 'market simulate'" : string.Join(", ", ids))}{Spelling.Suggest(m, ids)}"
                )),
        ];
        if (errors.Length > 0)
            throw new ScenarioRefusedException(errors);
    }

    private static async Task<MarketSummary> SummaryAsync(MarketReader reader, MarketRow market, CancellationToken ct)
    {
        List<InstrumentRow> instruments = await reader.Instruments.InstrumentsAsync([market.MarketId], ct);
        string[] ids = [.. instruments.Select(i => i.InstrumentId)];
        (DateOnly First, DateOnly Last)? range = await reader.Series.DataRangeAsync(ids, DateOnly.MaxValue, ct);
        var classes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (InstrumentRow i in instruments)
            classes[i.AssetClass] = classes.GetValueOrDefault(i.AssetClass) + 1;
        return new MarketSummary(
            market.MarketId,
            market.Name,
            market.Region,
            instruments.Count,
            classes,
            range?.First,
            range?.Last
        );
    }
}

/// <param name="AssetClasses">Number of instruments per asset class.</param>
/// <param name="FirstDate">First day with a return or price; null without data.</param>
/// <param name="LastDate">Last day with a return or price; null without data.</param>
public sealed record MarketSummary(
    string MarketId,
    string? Name,
    string? Region,
    int Instruments,
    IReadOnlyDictionary<string, int> AssetClasses,
    DateOnly? FirstDate,
    DateOnly? LastDate
);

/// <param name="ModelId">The model that labelled the region last.</param>
/// <param name="Current">Label of the last day.</param>
/// <param name="Days">Days per label.</param>
public sealed record RegimeSummary(
    string Region,
    string ModelId,
    string Current,
    IReadOnlyDictionary<string, int> Days
);
