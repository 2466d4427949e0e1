using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>What a fragility event makes: an adversarial set against the market's soft targets, a defensive test.</summary>
public static class FragilityRefresh
{
    public const int HorizonDays = 20;
    public const int NumPaths = 200;

    /// <exception cref="ScenarioRefusedException">A field of the event is missing.</exception>
    public static GenerateScenarioSet Request(FragilityComputed computed)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(computed.MarketId))
            errors.Add(new(ErrorCodes.Missing, "market_id", "is missing; name the market, e.g. US_EQ"));
        if (computed.AsOfDate is null)
            errors.Add(new(ErrorCodes.Missing, "as_of_date", "is missing; give the date of the scores"));
        if (string.IsNullOrWhiteSpace(computed.ModelId))
            errors.Add(new(ErrorCodes.Missing, "model_id", "is missing; name the model that computed the scores"));
        if (errors.Count > 0)
            throw new ScenarioRefusedException(errors);
        return new GenerateScenarioSet
        {
            Name = $"{computed.MarketId}_FRAGILITY_ADVERSARIAL_{HorizonDays}D_{computed.AsOfDate:yyyy-MM-dd}",
            Description =
                $"Defensive test against the fragility of {computed.MarketId} as of {computed.AsOfDate:yyyy-MM-dd}, scored by {computed.ModelId}",
            Category = ScenarioCategories.FragilityAdversarial,
            HorizonDays = HorizonDays,
            NumPaths = NumPaths,
            Markets = [computed.MarketId!],
            AsOfDate = computed.AsOfDate,
            GeneratorSpec = JsonSerializer.SerializeToElement(new { defensive_test = true }),
            Tags = [ContractTags.DefensiveTest],
            RequestedBy = "system",
        };
    }
}
