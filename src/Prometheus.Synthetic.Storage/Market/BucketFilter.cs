using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>The engine tables that score entities.</summary>
public enum ScoreTable
{
    /// <summary><c>stability_vectors</c>: stability_score, 0 unstable … 1 stable.</summary>
    Stability,

    /// <summary><c>fragility_measures</c>: fragility_score 0…1, else expected shortfall as a loss fraction.</summary>
    Fragility,

    /// <summary><c>soft_target_classes</c>: class and, where published, soft_target_score 0…1.</summary>
    SoftTarget,
}

/// <summary>
/// One bucket of <c>universe_filter.buckets</c>: keeps the instruments of the entities whose id, score or class, on the
/// latest scoring day at or before the as-of date, lies inside. Quantiles are mid-ranks (rank − ½)/n of the score
/// among all entities of the type, ascending: [0, 0.2] of stability is the least stable fifth.
/// </summary>
public sealed record BucketFilter(ScoreTable Table, string EntityType)
{
    /// <summary>The scoring model; null takes the one that scored last.</summary>
    public string? ModelId { get; init; }

    /// <summary>Entities by id; null for every entity of the type.</summary>
    public IReadOnlyList<string>? Entities { get; init; }

    public IReadOnlyList<string>? Classes { get; init; }

    public double? MinScore { get; init; }

    public double? MaxScore { get; init; }

    public (double Low, double High)? QuantileRange { get; init; }

    /// <summary>Where the bucket stands in the request.</summary>
    public string Field { get; init; } = $"{UniverseFilter.Path}.buckets";

    internal static BucketFilter Read(SpecReader reader)
    {
        ScoreTable table = reader.Choice("table", string.Empty, "stability", "fragility", "soft_target") switch
        {
            "stability" => ScoreTable.Stability,
            "fragility" => ScoreTable.Fragility,
            _ => ScoreTable.SoftTarget,
        };
        if (!reader.Has("table"))
            reader.Refuse(ErrorCodes.Missing, "table", "is missing; one of stability, fragility, soft_target");
        var bucket = new BucketFilter(
            table,
            reader.Choice("entity_type", "ISSUER", "MARKET", "ISSUER", "SECTOR", "FX", "POSITION")
        )
        {
            ModelId = reader.OptionalText("model_id"),
            Entities = reader.OptionalTexts("entities", 1_000),
            Classes = reader.OptionalTexts("classes", 100),
            MinScore = reader.OptionalNumber("min_score", -1e9, 1e9),
            MaxScore = reader.OptionalNumber("max_score", -1e9, 1e9),
            QuantileRange = ScoreRange.Quantiles(reader),
            Field = reader.Field(string.Empty).TrimEnd('.'),
        };
        ScoreRange.RefuseCrossed(reader, bucket.MinScore, bucket.MaxScore);
        if (bucket is { Entities: null, Classes: null, MinScore: null, MaxScore: null, QuantileRange: null })
            reader.Refuse(
                ErrorCodes.Missing,
                "quantile_range",
                "the bucket says nothing: give entities, classes, min_score, max_score or quantile_range"
            );
        reader.Finish();
        return bucket;
    }
}
