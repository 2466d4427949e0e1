using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>What a monthly refresh of a market makes: its baseline bootstrap over ten years of history.</summary>
public static class BaselineRefresh
{
    public const int HorizonDays = 30;
    public const int NumPaths = 1_000;
    public const int HistoryYears = 10;

    /// <exception cref="ScenarioRefusedException">A field of the event is missing or absurd.</exception>
    public static GenerateScenarioSet Request(MonthlyRefreshDue due)
    {
        Check(due);
        return new GenerateScenarioSet
        {
            Name = $"{due.MarketId}_BASELINE_BOOTSTRAP_{HorizonDays}D_{due.Month}",
            Description =
                $"Monthly baseline: stationary bootstrap of {HistoryYears} years of daily returns of {due.MarketId}, as of {due.AsOfDate:yyyy-MM-dd}",
            Category = ScenarioCategories.Bootstrap,
            HorizonDays = HorizonDays,
            NumPaths = NumPaths,
            Markets = [due.MarketId!],
            AsOfDate = due.AsOfDate,
            BaseDateStart = due.AsOfDate!.Value.AddYears(-HistoryYears),
            GeneratorSpec = JsonSerializer.SerializeToElement(new { scheme = "stationary", block_length = 10 }),
            Tags = ["BASELINE", "MONTHLY"],
            RequestedBy = "system",
            ForceNewVersion = due.ForceNewVersion,
        };
    }

    private static void Check(MonthlyRefreshDue due)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(due.MarketId))
            errors.Add(new(ErrorCodes.Missing, "market_id", "is missing; name the market, e.g. US_EQ"));
        if (due.AsOfDate is null)
            errors.Add(new(ErrorCodes.Missing, "as_of_date", "is missing; give the date whose knowledge may be used"));
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
    }
}
