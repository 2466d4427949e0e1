using System.Globalization;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Regulatory;

/// <summary>One series of a definition: levels at the ends of some periods, and how the rest lies between them.</summary>
/// <param name="Id">Id of the macro driver that the set stores.</param>
/// <param name="Start">Level at the baseline.</param>
/// <param name="Logarithmic">Between figures the level grows evenly in logarithms (prices) rather than linearly (rates).</param>
/// <param name="PanelId">Macro series whose history measures what instruments do when this one moves; null for none.</param>
/// <param name="IsMarket">The series is the broad market: instruments follow it with their betas.</param>
/// <param name="Floor">Level below which noise does not take it.</param>
/// <param name="Points">Period 1.. → level at its end. After the last the level is held.</param>
public sealed record DefinedSeries(
    string Id,
    string Unit,
    double Start,
    bool Logarithmic,
    string? PanelId,
    bool IsMarket,
    double Floor,
    IReadOnlyDictionary<int, double> Points
)
{
    /// <summary>Level at a time within the periods, 0 being the baseline.</summary>
    public double LevelAt(double time)
    {
        int before = 0;
        double from = Start;
        foreach ((int period, double level) in Points.OrderBy(p => p.Key))
        {
            if (time == period)
                return level;
            if (time < period)
            {
                double share = (time - before) / (period - before);
                return Logarithmic
                    ? from * StableMath.Exp(share * StableMath.Log(level / from))
                    : from + share * (level - from);
            }

            (before, from) = (period, level);
        }

        return from;
    }

    /// <param name="start">The baseline quarter; null for figures by day.</param>
    internal static DefinedSeries Read(SpecReader reader, Quarter? start)
    {
        string id = ScenarioDefinition.Required(reader, "id", "name the macro driver, e.g. DGS10");
        string unit = reader.Choice("unit", string.Empty, [.. ScenarioDefinition.Units]);
        if (!reader.Has("unit"))
            reader.Refuse(
                ErrorCodes.Missing,
                "unit",
                $"is missing; one of {string.Join(", ", ScenarioDefinition.Units)}"
            );
        reader.OptionalText("title", 500);
        reader.OptionalText("notes", 2000);
        double? given = reader.OptionalNumber("start", -1e12, 1e12);
        bool logarithmic = reader.Choice("interpolation", "linear", "linear", "log") == "log";
        string? panel = reader.OptionalText("panel_id");
        bool market = reader.Flag("market", false);
        double floor = reader.Number("floor", double.NegativeInfinity, -1e12, 1e12);
        IReadOnlyDictionary<string, double>? values = reader.OptionalNumberMap("values", -1e12, 1e12);
        IReadOnlyDictionary<string, double>? growth = reader.OptionalNumberMap("annualised_growth_percent", -99, 1000);
        if (values is null == growth is null)
            reader.Refuse(
                ErrorCodes.Missing,
                "values",
                "give either values (levels at period ends) or annualised_growth_percent (quarterly rates of an index)"
            );
        double first = given ?? (growth is not null ? 100.0 : double.NaN);
        if (double.IsNaN(first))
            reader.Refuse(ErrorCodes.Missing, "start", "is missing; give the level at the baseline");
        var points = new SortedDictionary<int, double>();
        foreach ((string key, double value) in values ?? growth ?? new SortedDictionary<string, double>())
        {
            if (PeriodOf(key, start) is { } period)
                points[period] = value;
            else
                reader.Refuse(
                    ErrorCodes.OutOfRange,
                    $"{(values is null ? "annualised_growth_percent" : "values")}.{key}",
                    start is { } s
                        ? $"is no quarter after {s}; write e.g. {new Quarter(s.Number + 1)}"
                        : "is no day; write 1, 2, …"
                );
        }

        if (growth is not null && logarithmic is false)
            logarithmic = true;
        if (growth is not null)
            Compound(points, first, reader);
        CheckLevels(reader, first, logarithmic, floor, unit, market, points);
        reader.Finish();
        return new DefinedSeries(id, unit, first, logarithmic, panel, market, floor, points);
    }

    private static void CheckLevels(
        SpecReader reader,
        double first,
        bool logarithmic,
        double floor,
        string unit,
        bool market,
        SortedDictionary<int, double> points
    )
    {
        double least = points.Values.Append(first).Min();
        if (logarithmic && !(least > 0.0))
            reader.Refuse(ErrorCodes.Conflict, "interpolation", $"log needs positive levels; the least is {least}");
        if (least < floor)
            reader.Refuse(ErrorCodes.Conflict, "floor", $"{floor} is above the level {least}");
        if (market && (unit != "index" || !logarithmic))
            reader.Refuse(ErrorCodes.Conflict, "market", "the market is an index with log interpolation");
    }

    /// <summary>Rates of consecutive quarters become levels of the index; a gap between them cannot be bridged.</summary>
    private static void Compound(SortedDictionary<int, double> points, double first, SpecReader reader)
    {
        double level = first;
        int expected = 1;
        foreach ((int period, double rate) in points.ToArray())
        {
            if (period != expected++)
            {
                reader.Refuse(
                    ErrorCodes.Conflict,
                    "annualised_growth_percent",
                    "gives rates with a gap; growth rates are given for consecutive quarters from the first"
                );
                return;
            }

            // A quarter's growth at the annualised rate: (1 + g)^¼.
            level *= Math.Sqrt(Math.Sqrt(1.0 + rate / 100.0));
            points[period] = level;
        }
    }

    private static int? PeriodOf(string key, Quarter? start)
    {
        int period;
        if (start is { } s)
            period = Quarter.TryParse(key) is { } quarter ? quarter.Number - s.Number : 0;
        else if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out period))
            return null;
        return period >= 1 ? period : null;
    }
}
