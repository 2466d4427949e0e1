using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Selection;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>On which days of a window a condition must hold.</summary>
public enum WindowMode
{
    /// <summary>On every day of the window.</summary>
    AllDays,

    /// <summary>On its first day; what follows is what followed.</summary>
    StartDay,
}

/// <summary>The <c>generator_spec</c> of historical windows.</summary>
/// <param name="RegimeMode"><c>regime_mode</c>: all_days (default) or start_day, for the request's regime filter.</param>
/// <param name="DayMode"><c>day_mode</c>: the same for episodes, date ranges and scores.</param>
/// <param name="StartDates"><c>start_dates</c>: windows that start on exactly these trading days; null for any.</param>
/// <param name="Days">Episodes, date ranges and score conditions.</param>
public sealed record HistoricalSpec(
    WindowMode RegimeMode,
    WindowMode DayMode,
    IReadOnlyList<DateOnly>? StartDates,
    DayFilterSpec Days
) : IGeneratorSpec
{
    public DataNeeds Needs => new() { ScoreHistories = Days.ScoreHistories };

    /// <exception cref="ScenarioRefusedException">Unknown key, wrong type, or a value out of range.</exception>
    public static HistoricalSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        var spec = new HistoricalSpec(
            Mode(reader, "regime_mode"),
            Mode(reader, "day_mode"),
            Dates(reader, "start_dates"),
            DayFilterSpec.Read(reader)
        );
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }

    private static WindowMode Mode(SpecReader reader, string key) =>
        reader.Choice(key, "all_days", "all_days", "start_day") is "start_day"
            ? WindowMode.StartDay
            : WindowMode.AllDays;

    private static List<DateOnly>? Dates(SpecReader reader, string key)
    {
        IReadOnlyList<string>? texts = reader.OptionalTexts(key);
        if (texts is { Count: 0 })
            reader.Refuse(ErrorCodes.OutOfRange, key, "is an empty list; leave the key out");
        if (texts is null)
            return null;
        var dates = new List<DateOnly>();
        for (int i = 0; i < texts.Count; i++)
        {
            if (
                DateOnly.TryParseExact(
                    texts[i],
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out DateOnly date
                )
            )
                dates.Add(date);
            else
                reader.Refuse(ErrorCodes.WrongType, $"{key}[{i}]", $"'{texts[i]}' is not a date; write yyyy-MM-dd");
        }

        return dates;
    }
}
