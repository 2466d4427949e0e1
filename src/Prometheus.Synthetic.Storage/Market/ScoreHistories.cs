using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Market.Reading;

namespace Prometheus.Synthetic.Storage.Market;

/// <summary>The score of an entity as it stood on each day of a panel: the latest of that day or before, not too old.</summary>
internal sealed class ScoreHistories(MarketReader reader, CalibrationQuery query)
{
    /// <exception cref="ScenarioRefusedException">An entity or model has no scores up to the as-of date, or none that stand in the window.</exception>
    public async Task<IReadOnlyList<ScoreHistory>> LoadAsync(ShockPanel panel, CancellationToken ct)
    {
        var histories = new List<ScoreHistory>();
        foreach (ScoreSeriesNeed need in query.Needs.ScoreHistories)
            histories.Add(await LoadAsync(need, panel, ct));
        return histories;
    }

    private async Task<ScoreHistory> LoadAsync(ScoreSeriesNeed need, ShockPanel panel, CancellationToken ct)
    {
        ScoreTable table = need.Table switch
        {
            "stability" => ScoreTable.Stability,
            "fragility" => ScoreTable.Fragility,
            _ => ScoreTable.SoftTarget,
        };
        string name = ScoreReader.NameOf(table);
        List<DatedScore> rows = await reader.Scores.ScoresOfAsync(
            table,
            need.EntityType,
            need.EntityId,
            query.AsOf,
            ct
        );
        if (rows.Count == 0)
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                $"{need.Field}.entity_id",
                $"{name} has no scores of {need.EntityType} '{need.EntityId}' on or before {query.AsOf:yyyy-MM-dd}; run the engine that writes it or name another entity"
            );
        string model = need.ModelId ?? rows[^1].ModelId;
        DatedScore[] own = [.. rows.Where(r => r.ModelId == model)];
        if (own.Length == 0)
        {
            string[] models = [.. rows.Select(r => r.ModelId).Distinct(StringComparer.Ordinal)];
            throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                $"{need.Field}.model_id",
                $"model '{model}' has no scores of {need.EntityType} '{need.EntityId}' in {name}; there are {string.Join(", ", models)}{Spelling.Suggest(model, models)}"
            );
        }

        (double[] scores, string?[] classes) = Align(own, panel.Dates, need.CarryDays);
        if (scores.All(double.IsNaN) && classes.All(c => c is null))
            throw new ScenarioRefusedException(
                ErrorCodes.TooLittleHistory,
                need.Field,
                $"no score of {need.EntityType} '{need.EntityId}' stands on a day of {panel.Dates[0]:yyyy-MM-dd}..{panel.Dates[^1]:yyyy-MM-dd}: {model} scored it {DateOnly.FromDayNumber(own[0].Day):yyyy-MM-dd}..{DateOnly.FromDayNumber(own[^1].Day):yyyy-MM-dd} in {name}; move the dates or raise carry_days"
            );
        return new ScoreHistory(need.Table, need.EntityType, need.EntityId, model, scores, classes);
    }

    /// <summary>The score that stood on each day, unless too old. Rows ascend by day.</summary>
    internal static (double[] Scores, string?[] Classes) Align(
        IReadOnlyList<DatedScore> rows,
        IReadOnlyList<DateOnly> dates,
        int carryDays
    )
    {
        double[] scores = new double[dates.Count];
        string?[] classes = new string?[dates.Count];
        int j = -1;
        for (int t = 0; t < dates.Count; t++)
        {
            int day = dates[t].DayNumber;
            while (j + 1 < rows.Count && rows[j + 1].Day <= day)
                j++;
            bool stands = j >= 0 && day - rows[j].Day <= carryDays;
            scores[t] = stands ? rows[j].Score ?? double.NaN : double.NaN;
            classes[t] = stands ? rows[j].Class : null;
        }

        return (scores, classes);
    }
}

/// <param name="Day">Day number.</param>
internal sealed record DatedScore(int Day, string ModelId, double? Score, string? Class);
