using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Storage.Market.Simulation;

/// <summary>What a simulated market is a pure function of.</summary>
/// <param name="End">Last calendar day; the last trading day is it or the one before.</param>
public sealed record MarketSimulationOptions(DateOnly End)
{
    public const int MinYears = 1;
    public const int MaxYears = 40;

    /// <summary>Markets to fill, of <see cref="MarketSimulator.MarketIds"/>.</summary>
    public IReadOnlyList<string> Markets { get; init; } = MarketSimulator.MarketIds;

    /// <summary>Length of the history in years, 1..40.</summary>
    public int Years { get; init; } = 12;

    /// <summary>Key of every draw; all 64 bits are used.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Remove what the markets hold, imported rows too, before writing.</summary>
    public bool Replace { get; init; }

    /// <summary>The last weekday before a day: the default <see cref="End"/> on that day.</summary>
    public static DateOnly LastWeekdayBefore(DateOnly today)
    {
        DateOnly day = today.AddDays(-1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            day = day.AddDays(-1);
        return day;
    }

    /// <exception cref="ScenarioRefusedException">Every option that is out of range or unknown, at once.</exception>
    public void Validate()
    {
        if (Errors() is { Count: > 0 } errors)
            throw new ScenarioRefusedException(errors);
    }

    /// <summary>What is wrong with the options; empty when nothing is.</summary>
    public IReadOnlyList<FieldError> Errors()
    {
        var errors = new List<FieldError>();
        if (Years is < MinYears or > MaxYears)
            errors.Add(new(ErrorCodes.OutOfRange, "--years", $"{Years} is outside {MinYears}..{MaxYears}"));
        if (End.Year is < 1950 or > 2200)
            errors.Add(
                new(
                    ErrorCodes.OutOfRange,
                    "--end",
                    $"{End:yyyy-MM-dd} is outside the years 1950..2200; give another day"
                )
            );
        if (Markets.Count == 0)
            errors.Add(new(ErrorCodes.Missing, "--market", "names no market; leave it out for all"));
        foreach (string market in Markets.Distinct(StringComparer.Ordinal))
        {
            if (!MarketSimulator.MarketIds.Contains(market, StringComparer.Ordinal))
                errors.Add(
                    new(
                        ErrorCodes.UnknownMarket,
                        "--market",
                        $"'{market}' cannot be simulated; one of {string.Join(", ", MarketSimulator.MarketIds)}{Spelling.Suggest(market, MarketSimulator.MarketIds)}"
                    )
                );
        }

        return errors;
    }
}
