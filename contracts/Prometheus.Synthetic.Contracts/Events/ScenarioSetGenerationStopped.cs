using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Internal: a step (plan, shard or seal) of one attempt cannot succeed. Tells the generation to end; what the world
/// hears is <see cref="ScenarioSetGenerationFailed"/>.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record ScenarioSetGenerationStopped
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>The set in the making; absent when planning was refused before one was laid out.</summary>
    [JsonPropertyName("scenario_set_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ScenarioSetId { get; init; }

    /// <summary>Attempt of the request, 1 or more.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>The step that stopped: one of <see cref="GenerationStages"/>, never SEALED.</summary>
    [JsonPropertyName("stage")]
    public required string Stage { get; init; }

    /// <summary>One of <see cref="FailureStates"/>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>At least one reason.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<GenerationError> Errors { get; init; }

    /// <summary>True when the same request may succeed later without change.</summary>
    [JsonPropertyName("retryable")]
    public required bool Retryable { get; init; }

    /// <summary>UTC instant at which the step gave up.</summary>
    [JsonPropertyName("occurred_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset OccurredAt { get; init; }
}
