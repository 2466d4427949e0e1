using System.Globalization;
using System.Text.Json;

namespace Prometheus.Synthetic.Storage.Market.Reading;

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
