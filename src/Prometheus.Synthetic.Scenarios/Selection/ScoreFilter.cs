using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>
/// One entry of <c>generator_spec.score_filter</c>: keeps the days on which an entity's stability or fragility score,
/// as it stood that day, lies inside. Quantiles are mid-ranks of the entity's score among the panel's scored days,
/// ascending: [0, 0.2] of stability is the least stable fifth of the days.
/// </summary>
public sealed record ScoreFilter(ScoreSeriesNeed Series)
{
    public IReadOnlyList<string>? Classes { get; init; }

    public double? MinScore { get; init; }

    public double? MaxScore { get; init; }

    public (double Low, double High)? QuantileRange { get; init; }

    internal static ScoreFilter Read(SpecReader reader)
    {
        string table = reader.Choice("table", "stability", "stability", "fragility", "soft_target");
        if (!reader.Has("table"))
            reader.Refuse(ErrorCodes.Missing, "table", "is missing; one of stability, fragility, soft_target");
        string type = reader.Choice(
            "entity_type",
            "MARKET",
            "MARKET",
            "ISSUER",
            "SECTOR",
            "FX",
            "PORTFOLIO",
            "POSITION"
        );
        string? entity = reader.OptionalText("entity_id");
        if (!reader.Has("entity_id"))
            reader.Refuse(ErrorCodes.Missing, "entity_id", "is missing; the entity whose score conditions the days");
        var filter = new ScoreFilter(
            new ScoreSeriesNeed(table, type, entity ?? string.Empty)
            {
                ModelId = reader.OptionalText("model_id"),
                CarryDays = reader.Integer("carry_days", 7, 0, 400),
                Field = reader.Field(string.Empty).TrimEnd('.'),
            }
        )
        {
            Classes = reader.OptionalTexts("classes", 100),
            MinScore = reader.OptionalNumber("min_score", -1e9, 1e9),
            MaxScore = reader.OptionalNumber("max_score", -1e9, 1e9),
            QuantileRange = ScoreRange.Quantiles(reader),
        };
        ScoreRange.RefuseCrossed(reader, filter.MinScore, filter.MaxScore);
        if (filter is { Classes: null, MinScore: null, MaxScore: null, QuantileRange: null })
            reader.Refuse(
                ErrorCodes.Missing,
                "quantile_range",
                "the filter says nothing: give classes, min_score, max_score or quantile_range"
            );
        reader.Finish();
        return filter;
    }
}

/// <summary>Days on which an entity's score lies inside a <see cref="ScoreFilter"/>; unscored days do not.</summary>
public sealed class ScoreCondition : IDayCondition
{
    private readonly ScoreFilter _filter;
    private readonly ScoreHistory _history;
    private readonly double[] _sorted;

    public ScoreCondition(ScoreFilter filter, ScoreHistory history)
    {
        (_filter, _history) = (filter, history);
        _sorted = [.. history.Scores.Where(double.IsFinite).Order()];
    }

    public string Name => $"score_filter {_history.Table} of {_history.EntityType} {_history.EntityId}";

    public bool Admits(int day)
    {
        if (
            _filter.Classes is { } classes
            && !(_history.Classes[day] is { } own && classes.Contains(own, StringComparer.Ordinal))
        )
            return false;
        if (_filter is { MinScore: null, MaxScore: null, QuantileRange: null })
            return true;
        double score = _history.Scores[day];
        if (!double.IsFinite(score) || score < _filter.MinScore || score > _filter.MaxScore)
            return false;
        return _filter.QuantileRange is not { } range || (MidRank(score) is var q && q >= range.Low && q <= range.High);
    }

    /// <summary>(number below + half the number equal) / n.</summary>
    private double MidRank(double score)
    {
        int low = LowerBound(score);
        int high = low;
        while (high < _sorted.Length && _sorted[high] == score)
            high++;
        return (low + 0.5 * (high - low)) / _sorted.Length;
    }

    private int LowerBound(double score)
    {
        int from = 0;
        int to = _sorted.Length;
        while (from < to)
        {
            int middle = (from + to) / 2;
            if (_sorted[middle] < score)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }
}
