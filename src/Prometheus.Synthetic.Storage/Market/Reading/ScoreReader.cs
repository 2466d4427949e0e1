using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <summary>Stability, fragility and soft-target scores.</summary>
internal sealed class ScoreReader(MarketQuery query)
{
    /// <summary>All scores one model gave on one day. Columns beyond the keys differ between platforms: rows come as JSON.</summary>
    public async Task<ScoreSheet> ScoresAsync(ScoreTable table, string model, DateOnly day, CancellationToken ct)
    {
        string name = NameOf(table);
        List<EntityScore> scores = await query.ReadAsync(
            $$"""
            SELECT t.{{{name}}.entity_type}, t.{{{name}}.entity_id}, to_jsonb(t)::text
            FROM {{{name}}} t
            WHERE t.{{{name}}.model_id} = $1 AND t.{{{name}}.as_of_date} = $2
            ORDER BY t.{{{name}}.entity_type} COLLATE "C", t.{{{name}}.entity_id} COLLATE "C"
            """,
            [new() { Value = model }, MarketQuery.Day(day)],
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
        return await query.ReadAsync(
            $$"""
            SELECT t.{{{name}}.as_of_date}::date, t.{{{name}}.model_id}, to_jsonb(t)::text
            FROM {{{name}}} t
            WHERE t.{{{name}}.entity_type} = $1 AND t.{{{name}}.entity_id} = $2 AND t.{{{name}}.as_of_date} <= $3
            ORDER BY t.{{{name}}.as_of_date}, t.{{{name}}.model_id} COLLATE "C"
            """,
            [new() { Value = entityType }, new() { Value = entityId }, MarketQuery.Day(asOf)],
            r =>
            {
                using JsonDocument row = JsonDocument.Parse(r.GetString(2));
                EntityScore score = ScoreRow.Read(table, entityType, entityId, row.RootElement);
                return new DatedScore(MarketQuery.DayOf(r, 0).DayNumber, r.GetString(1), score.Score, score.Class);
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
}
