using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Historical;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Spectra;

namespace Prometheus.Synthetic.Scenarios.Selection;

/// <summary>
/// The keys by which every resampling family conditions its days: <c>episodes</c>, <c>exclude_episodes</c>,
/// <c>date_ranges</c>, <c>score_filter</c> and <c>spectral_condition</c>.
/// </summary>
public sealed record DayFilterSpec
{
    public IReadOnlyList<Episode> Episodes { get; init; } = [];

    public IReadOnlyList<Episode> ExcludeEpisodes { get; init; } = [];

    public IReadOnlyList<DateSpan> DateRanges { get; init; } = [];

    public IReadOnlyList<ScoreFilter> Scores { get; init; } = [];

    public SpectralConditionSpec? Spectral { get; init; }

    /// <summary>The scores that the snapshot must hold for this.</summary>
    public IReadOnlyList<ScoreSeriesNeed> ScoreHistories => [.. Scores.Select(s => s.Series)];

    internal static DayFilterSpec Read(SpecReader reader) =>
        new()
        {
            Episodes = Named(reader, "episodes"),
            ExcludeEpisodes = Named(reader, "exclude_episodes"),
            DateRanges = [.. reader.Objects("date_ranges", 100).Select(Range)],
            Scores = [.. reader.Objects("score_filter", 20).Select(ScoreFilter.Read)],
            Spectral = SpectralConditionSpec.Read(reader),
        };

    /// <summary>The conditions this asks for, on the days of a snapshot.</summary>
    /// <exception cref="ScenarioRefusedException">An episode or range has no day in the history, or scores are missing.</exception>
    public IEnumerable<IDayCondition> Conditions(CalibrationSnapshot snapshot)
    {
        IReadOnlyList<DateOnly> dates = snapshot.Panel.Dates;
        RefuseEmpty(dates);
        if (Episodes.Count > 0)
            yield return new DateCondition("episodes", dates, [.. Episodes.Select(e => e.Span)]);
        if (DateRanges.Count > 0)
            yield return new DateCondition("date_ranges", dates, DateRanges);
        if (ExcludeEpisodes.Count > 0)
            yield return new DateCondition(
                "exclude_episodes",
                dates,
                [.. ExcludeEpisodes.Select(e => e.Span)],
                inverted: true
            );
        for (int i = 0; i < Scores.Count; i++)
        {
            if (snapshot.Scores.Count <= i)
                throw new ScenarioRefusedException(
                    ErrorCodes.NotFound,
                    Scores[i].Series.Field,
                    "the calibration data hold no scores of this entity"
                );
            yield return new ScoreCondition(Scores[i], snapshot.Scores[i]);
        }

        foreach (IDayCondition spectral in Spectral?.Conditions(snapshot) ?? [])
            yield return spectral;
    }

    /// <summary>What a set made with this says of it; null when nothing was asked.</summary>
    internal JsonObject? Describe()
    {
        if (Episodes.Count == 0 && ExcludeEpisodes.Count == 0)
            return null;
        return new JsonObject
        {
            ["version"] = Historical.Episodes.Version,
            ["used"] = List(Episodes),
            ["excluded"] = List(ExcludeEpisodes),
        };

        static JsonArray List(IReadOnlyList<Episode> episodes) =>
            [
                .. episodes.Select(e => new JsonObject
                {
                    ["id"] = e.Id,
                    ["start"] = e.Span.Start.ToString("yyyy-MM-dd"),
                    ["end"] = e.Span.End.ToString("yyyy-MM-dd"),
                    ["source"] = e.Source,
                }),
            ];
    }

    private void RefuseEmpty(IReadOnlyList<DateOnly> dates)
    {
        var errors = new List<FieldError>();
        foreach (Episode e in Episodes)
            Check("generator_spec.episodes", e.Id, e.Span);
        foreach (DateSpan s in DateRanges)
            Check("generator_spec.date_ranges", "the range", s);
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);

        void Check(string field, string what, DateSpan span)
        {
            if (!dates.Any(span.Contains))
                errors.Add(
                    new FieldError(
                        ErrorCodes.InvalidDates,
                        field,
                        $"{what} {span.Start:yyyy-MM-dd}..{span.End:yyyy-MM-dd} has no day in the history {dates[0]:yyyy-MM-dd}..{dates[^1]:yyyy-MM-dd}; widen base_date_start/base_date_end, import earlier data or choose another"
                    )
                );
        }
    }

    private static List<Episode> Named(SpecReader reader, string key)
    {
        IReadOnlyList<string>? ids = reader.OptionalTexts(key, 100);
        if (ids is { Count: 0 })
            reader.Refuse(ErrorCodes.OutOfRange, key, "is an empty list; leave the key out");
        var episodes = new List<Episode>();
        foreach (string id in ids ?? [])
        {
            if (Historical.Episodes.Find(id) is { } episode)
                episodes.Add(episode);
            else
                reader.Refuse(
                    ErrorCodes.UnknownValue,
                    key,
                    $"'{id}' is no named episode; there are {string.Join(", ", Historical.Episodes.Ids)}{Spelling.Suggest(id, Historical.Episodes.Ids)}"
                );
        }

        return episodes;
    }

    private static DateSpan Range(SpecReader reader)
    {
        DateOnly? start = reader.OptionalDate("start");
        DateOnly? end = reader.OptionalDate("end");
        foreach (string key in (string[])["start", "end"])
        {
            if (!reader.Has(key))
                reader.Refuse(ErrorCodes.Missing, key, "is missing; write yyyy-MM-dd");
        }

        if (end < start)
            reader.Refuse(
                ErrorCodes.InvalidDates,
                "end",
                $"{end:yyyy-MM-dd} is before start {start:yyyy-MM-dd}; swap them"
            );
        reader.Finish();
        return new DateSpan(start ?? DateOnly.MinValue, end ?? DateOnly.MaxValue);
    }
}
