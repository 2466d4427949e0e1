using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>
/// A fixed scenario from a versioned file: a supervisor's quarterly figures, or a named crisis with the days it happened
/// on and hand-set figures for where its history is not loaded.
/// </summary>
/// <param name="StartQuarter">For quarterly figures: the quarter whose end is the baseline; null for daily ones.</param>
/// <param name="Periods">Number of quarters, or of trading days.</param>
/// <param name="Window">For a crisis: its first and last day.</param>
public sealed partial record ScenarioDefinition(
    string Name,
    int Version,
    string Title,
    string Source,
    bool Published,
    Quarter? StartQuarter,
    int Periods,
    (DateOnly Start, DateOnly End)? Window,
    IReadOnlyList<DefinedSeries> Series
)
{
    public static IReadOnlyList<string> Units { get; } = ["percent", "percentage_points", "index", "usd", "level"];

    public bool IsQuarterly => StartQuarter is not null;

    /// <param name="path">Where the content stands, for errors.</param>
    /// <exception cref="ScenarioRefusedException">Everything wrong with it, at once.</exception>
    public static ScenarioDefinition Parse(string path, JsonElement content)
    {
        var reader = new SpecReader(path, content);
        string name = Required(reader, "name", "name the definition");
        string title = Required(reader, "title", "say what it is", 500);
        string source = Required(reader, "source", "say where each figure comes from", 4000);
        string kind = reader.Choice("kind", "regulatory", "regulatory", "crisis");
        reader.OptionalText("notes", 8000);
        reader.OptionalDate("source_date");
        int version = reader.Integer("version", 1, 1, 1_000_000);
        bool published = reader.Flag("published", false);
        string frequency = reader.Choice("frequency", kind == "crisis" ? "daily" : "quarterly", "quarterly", "daily");
        Quarter? start = null;
        if (frequency == "quarterly")
        {
            string? text = reader.OptionalText("start_quarter");
            start = Quarter.TryParse(text);
            if (start is null)
                reader.Refuse(
                    text is null ? ErrorCodes.Missing : ErrorCodes.WrongType,
                    "start_quarter",
                    $"'{text}' is no quarter; write e.g. 2024Q4, the quarter whose end is the baseline"
                );
        }

        (DateOnly, DateOnly)? window = ReadWindow(reader);
        DefinedSeries[] series =
        [
            .. reader
                .Objects("series", 200)
                .Select(s => DefinedSeries.Read(s, frequency == "daily" ? null : start ?? new Quarter(0))),
        ];
        if (series.Length == 0)
            reader.Refuse(
                ErrorCodes.Missing,
                "series",
                "is missing or empty; give at least one series with its figures"
            );
        foreach (string twice in series.GroupBy(s => s.Id).Where(g => g.Count() > 1).Select(g => g.Key))
            reader.Refuse(ErrorCodes.Conflict, "series", $"'{twice}' is defined twice; keep one");
        if (series.Count(s => s.IsMarket) > 1)
            reader.Refuse(ErrorCodes.Conflict, "series", "more than one series is the market; mark one");
        int last = series.SelectMany(s => s.Points.Keys).DefaultIfEmpty(1).Max();
        int periods = reader.Integer("periods", last, last, 1_000);
        reader.Finish();
        reader.ThrowIfRefused();
        return new ScenarioDefinition(name, version, title, source, published, start, periods, window, series);
    }

    private static (DateOnly, DateOnly)? ReadWindow(SpecReader reader)
    {
        if (reader.OptionalObject("window") is not { } window)
            return null;
        DateOnly? from = window.OptionalDate("start");
        DateOnly? to = window.OptionalDate("end");
        if (from is null || to is null || to < from)
            window.Refuse(ErrorCodes.InvalidDates, "end", "give start and end, end not before start");
        window.Finish();
        return (from ?? default, to ?? default);
    }

    internal static string Required(SpecReader reader, string key, string what, int maxLength = 200)
    {
        string? text = reader.OptionalText(key, maxLength);
        if (text is null && !reader.Has(key))
            reader.Refuse(ErrorCodes.Missing, key, $"is missing; {what}");
        return text ?? string.Empty;
    }
}

/// <summary>A calendar quarter as a running number.</summary>
public readonly partial record struct Quarter(int Number)
{
    /// <summary>Reads <c>2025Q4</c>; null for anything else.</summary>
    public static Quarter? TryParse(string? text)
    {
        Match match = Form().Match(text ?? string.Empty);
        return match.Success
            ? new Quarter(
                int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture) * 4
                    + (match.Groups["quarter"].ValueSpan[0] - '1')
            )
            : null;
    }

    public override string ToString() => $"{Number / 4}Q{Number % 4 + 1}";

    [GeneratedRegex(
        "^(?<year>[12][0-9]{3})Q(?<quarter>[1-4])\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Form();
}
