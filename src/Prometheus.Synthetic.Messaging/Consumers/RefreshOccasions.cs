using System.Globalization;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Messaging.Bus;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Checks the fields of an event that begins a refresh, before anything is looked up. Pure.</summary>
public static class RefreshOccasions
{
    /// <exception cref="ScenarioRefusedException">A field is missing or absurd; all of them at once.</exception>
    public static RefreshOccasion Occasion(MonthlyRefreshDue due, DateOnly today, BusOptions options)
    {
        var errors = new List<FieldError>();
        Market(due.MarketId, errors);
        Date(due.AsOfDate, "the last day whose data may be used", today, options, errors);
        if (due.Month is null)
            errors.Add(new(ErrorCodes.Missing, "month", "is missing; write yyyy-MM"));
        else if (
            !DateOnly.TryParseExact(
                due.Month + "-01",
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            )
        )
            errors.Add(new(ErrorCodes.WrongType, "month", $"'{due.Month}' is not a month; write yyyy-MM"));
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return new RefreshOccasion(
            due.MarketId!,
            due.AsOfDate!.Value,
            Month: due.Month,
            Force: due.ForceNewVersion == true
        );
    }

    /// <inheritdoc cref="Occasion(MonthlyRefreshDue, DateOnly, BusOptions)"/>
    public static RefreshOccasion Occasion(FragilityComputed computed, DateOnly today, BusOptions options)
    {
        var errors = new List<FieldError>();
        Market(computed.MarketId, errors);
        Date(computed.AsOfDate, "the date of the scores", today, options, errors);
        if (string.IsNullOrWhiteSpace(computed.ModelId))
            errors.Add(new(ErrorCodes.Missing, "model_id", "is missing; name the model that computed the scores"));
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return new RefreshOccasion(
            computed.MarketId!,
            computed.AsOfDate!.Value,
            ModelId: computed.ModelId,
            Targets: computed.TopTargets
        );
    }

    private static void Market(string? market, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(market))
            errors.Add(new(ErrorCodes.Missing, "market_id", "is missing; name the market, e.g. US_EQ"));
    }

    private static void Date(DateOnly? date, string what, DateOnly today, BusOptions options, List<FieldError> errors)
    {
        if (date is null)
            errors.Add(new(ErrorCodes.Missing, "as_of_date", $"is missing; give {what}"));
        else if (date > today.AddDays(options.FutureDays))
            errors.Add(
                new(
                    ErrorCodes.InvalidDates,
                    "as_of_date",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{date:yyyy-MM-dd} is in the future: today is {today:yyyy-MM-dd} and {options.FutureDays} days ahead are allowed for clocks and time zones; send the event when its day is over"
                    )
                )
            );
    }
}
