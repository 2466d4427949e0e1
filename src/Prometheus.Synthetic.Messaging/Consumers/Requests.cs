using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Consumers;

/// <summary>Between the wire and the engine's words.</summary>
public static class Requests
{
    /// <summary>The engine's request behind a message.</summary>
    /// <param name="causationId">Id of the causing message; makes a forced version new, and the same at a redelivery.</param>
    public static ScenarioRequest ToEngine(GenerateScenarioSet message, Guid causationId) =>
        new()
        {
            Name = message.Name,
            Description = message.Description,
            Category = message.Category,
            HorizonDays = message.HorizonDays,
            NumPaths = message.NumPaths,
            Markets = message.Markets,
            BaseDateStart = message.BaseDateStart,
            BaseDateEnd = message.BaseDateEnd,
            AsOfDate = message.AsOfDate,
            RegimeFilter = message.RegimeFilter,
            UniverseFilter = message.UniverseFilter,
            GeneratorSpec = message.GeneratorSpec,
            Tags = message.Tags,
            Policy = message.Policy is { } p ? new(p.Name, p.Version, p.Hash) : null,
            ForceNonce = message.ForceNewVersion == true ? causationId.ToString("N") : null,
        };

    public static GenerationError ToWire(FieldError error) =>
        new()
        {
            Code = error.Code,
            Field = error.Field,
            Message = error.Message,
        };
}
