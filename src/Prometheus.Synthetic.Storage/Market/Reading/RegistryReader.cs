using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>The model registry and the regimes its models labelled.</summary>
internal sealed class RegistryReader(MarketQuery query)
{
    /// <summary>The registered models, with the factor ids a factor model names in its specification.</summary>
    public async Task<List<ModelRow>> ModelsAsync(CancellationToken ct) =>
        await query.ReadAsync(
            """
            SELECT {models.model_id}, {models.engine_name}, {models.type}, {models.training_data_spec}::text
            FROM {models} ORDER BY {models.model_id} COLLATE "C"
            """,
            [],
            r => new ModelRow(
                r.GetString(0),
                MarketQuery.Text(r, 1),
                MarketQuery.Text(r, 2),
                FactorsOf(MarketQuery.Text(r, 3))
            ),
            ct
        );

    public Task<List<string>> RegimeRegionsAsync(CancellationToken ct) => query.DistinctAsync("regimes", "region", ct);

    /// <summary>Labels of one region and model in a span of days, ascending.</summary>
    public async Task<List<RegimeRow>> RegimesAsync(
        string region,
        string model,
        DateOnly first,
        DateOnly last,
        CancellationToken ct
    ) =>
        await query.ReadAsync(
            """
            SELECT {regimes.as_of_date}::date, {regimes.regime_label}, {regimes.confidence}::float8
            FROM {regimes}
            WHERE {regimes.region} = $1 AND {regimes.model_id} = $2
              AND {regimes.as_of_date} >= $3 AND {regimes.as_of_date} <= $4
            ORDER BY {regimes.as_of_date}
            """,
            [new() { Value = region }, new() { Value = model }, MarketQuery.Day(first), MarketQuery.Day(last)],
            r => new RegimeRow(
                MarketQuery.DayOf(r, 0).DayNumber,
                r.GetString(1),
                r.IsDBNull(2) ? double.NaN : r.GetDouble(2)
            ),
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
        await query.ReadAsync(
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
            (region ?? entityType) is { } only
                ? [MarketQuery.Day(asOf), new() { Value = only }]
                : [MarketQuery.Day(asOf)],
            r => (r.GetString(0), MarketQuery.DayOf(r, 1)),
            ct
        );

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
