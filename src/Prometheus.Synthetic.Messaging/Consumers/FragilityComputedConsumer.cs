using System.Text.Json;
using MassTransit;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>The stability engines have spoken: adversarial sets against what is fragile now, for defence only.</summary>
public sealed class FragilityComputedConsumer(GenerationStarter starter) : IConsumer<FragilityComputed>
{
    public async Task Consume(ConsumeContext<FragilityComputed> context)
    {
        FragilityComputed computed = context.Message;
        Guid causationId = context.MessageId ?? NaturalKeys.MessageId(computed);
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(computed.MarketId))
            errors.Add(new(ErrorCodes.Missing, "market_id", "is missing; name the market, e.g. US_EQ"));
        if (computed.AsOfDate is null)
            errors.Add(new(ErrorCodes.Missing, "as_of_date", "is missing; give the date of the scores"));
        if (string.IsNullOrWhiteSpace(computed.ModelId))
            errors.Add(new(ErrorCodes.Missing, "model_id", "is missing; name the model that computed the scores"));
        var request = new GenerateScenarioSet
        {
            Name = $"{computed.MarketId}_FRAGILITY_ADVERSARIAL_20D_{computed.AsOfDate:yyyy-MM-dd}",
            Description =
                $"Defensive test against the fragility of {computed.MarketId} as of {computed.AsOfDate:yyyy-MM-dd} by {computed.ModelId}",
            Category = ScenarioCategories.FragilityAdversarial,
            HorizonDays = 20,
            NumPaths = 200,
            Markets = computed.MarketId is null ? [] : [computed.MarketId],
            AsOfDate = computed.AsOfDate,
            GeneratorSpec = JsonSerializer.SerializeToElement(new { defensive_test = true }),
            Tags = [ContractTags.DefensiveTest],
            RequestedBy = "system",
        };
        if (errors.Count > 0)
            await starter.RefuseAsync(context, request, causationId, new ScenarioRefusedException(errors));
        else
            await starter.StartAsync(context, request, causationId, Lanes.Batch);
    }
}
