using System.Text.Json;
using Npgsql;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>Copies scores into the tables of the stability and fragility engines, in both published forms.</summary>
internal sealed class ScoreCopy(NpgsqlConnection connection, MarketTables tables)
{
    public async Task WriteAsync(
        IReadOnlyList<EntityScoreRow> scores,
        SortedDictionary<string, long> rows,
        CancellationToken ct
    )
    {
        string[] ids = [.. scores.Select(s => s.EntityId).Distinct(StringComparer.Ordinal)];
        var writer = new MarketWriter(connection, tables);
        foreach (string table in (string[])["stability_vectors", "fragility_measures", "soft_target_classes"])
            await writer.ExecuteAsync(
                $$"""
                DELETE FROM {{{table}}} WHERE {{{table}}.model_id} = $1 AND {{{table}}.entity_id} = ANY($2)
                """,
                [MarketWriter.Text(MarketSimulator.ScoreModelId), MarketWriter.Texts(ids, id => id)],
                ct
            );
        await StabilityAsync(scores, rows, ct);
        await FragilityAsync(scores, rows, ct);
        await SoftTargetsAsync(scores, rows, ct);
    }

    private async Task StabilityAsync(
        IReadOnlyList<EntityScoreRow> scores,
        SortedDictionary<string, long> rows,
        CancellationToken ct
    )
    {
        await using NpgsqlBinaryImporter copy = await BeginAsync(
            "stability_vectors",
            ct,
            "stability_score",
            "components"
        );
        foreach (EntityScoreRow s in scores)
        {
            Key(copy, s);
            BulkCopy.Number(copy, s.Stability);
            BulkCopy.Json(
                copy,
                JsonSerializer.Serialize(
                    new SortedDictionary<string, double>(StringComparer.Ordinal)
                    {
                        ["contagion"] = s.HighFragility,
                        ["fundamental"] = s.WeakProfile,
                        ["vol"] = s.Instability,
                    }
                )
            );
        }

        SimulatedMarketStore.Add(rows, "stability_vectors", (long)await copy.CompleteAsync(ct));
    }

    private async Task FragilityAsync(
        IReadOnlyList<EntityScoreRow> scores,
        SortedDictionary<string, long> rows,
        CancellationToken ct
    )
    {
        await using NpgsqlBinaryImporter copy = await BeginAsync(
            "fragility_measures",
            ct,
            "expected_shortfall",
            "worst_case_loss",
            "scenario_losses",
            "metadata"
        );
        foreach (EntityScoreRow s in scores)
        {
            Key(copy, s);
            BulkCopy.Number(copy, s.ExpectedShortfall);
            BulkCopy.Number(copy, s.WorstLoss);
            BulkCopy.Json(copy, JsonSerializer.Serialize(s.ScenarioLosses));
            BulkCopy.Json(
                copy,
                JsonSerializer.Serialize(new Dictionary<string, object> { ["fragility_score"] = s.Fragility })
            );
        }

        SimulatedMarketStore.Add(rows, "fragility_measures", (long)await copy.CompleteAsync(ct));
    }

    private async Task SoftTargetsAsync(
        IReadOnlyList<EntityScoreRow> scores,
        SortedDictionary<string, long> rows,
        CancellationToken ct
    )
    {
        await using NpgsqlBinaryImporter copy = await BeginAsync("soft_target_classes", ct, "class", "metadata");
        foreach (EntityScoreRow s in scores)
        {
            Key(copy, s);
            BulkCopy.Text(copy, s.Class);
            BulkCopy.Json(
                copy,
                JsonSerializer.Serialize(
                    new Dictionary<string, object>
                    {
                        ["soft_target_score"] = s.SoftTarget,
                        ["weak_profile"] = s.WeakProfile,
                        ["instability"] = s.Instability,
                        ["high_fragility"] = s.HighFragility,
                        ["complacent_pricing"] = s.ComplacentPricing,
                    }
                )
            );
        }

        SimulatedMarketStore.Add(rows, "soft_target_classes", (long)await copy.CompleteAsync(ct));
    }

    private Task<NpgsqlBinaryImporter> BeginAsync(string table, CancellationToken ct, params string[] own) =>
        new BulkCopy(connection, tables).BeginAsync(
            table,
            ct,
            ["entity_type", "entity_id", "as_of_date", "model_id", .. own]
        );

    private static void Key(NpgsqlBinaryImporter copy, EntityScoreRow s)
    {
        copy.StartRow();
        BulkCopy.Text(copy, s.EntityType);
        BulkCopy.Text(copy, s.EntityId);
        BulkCopy.Day(copy, s.Day);
        BulkCopy.Text(copy, MarketSimulator.ScoreModelId);
    }
}
