using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Outbound: a generation ended without a set, and why. Nothing of it is left in the tables.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record ScenarioSetGenerationFailed
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>The set that would have been; absent when the request was refused before one was planned.</summary>
    [JsonPropertyName("scenario_set_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ScenarioSetId { get; init; }

    /// <summary>Name of the lineage; absent when the request gave none.</summary>
    [JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Category as the request gave it, which may be what is wrong; absent when it gave none.</summary>
    [JsonPropertyName("category"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Category { get; init; }

    /// <summary>Market ids as the request gave them; empty when it gave none.</summary>
    [JsonPropertyName("markets")]
    public required IReadOnlyList<string> Markets { get; init; }

    /// <summary>As-of date of the request; absent when it gave none.</summary>
    [JsonPropertyName("as_of_date"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? AsOfDate { get; init; }

    /// <summary>Attempt of the request that ended, 1 or more; 0 when it was refused before an attempt was begun.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>One of <see cref="FailureStates"/>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>At least one reason.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<GenerationError> Errors { get; init; }

    /// <summary>UTC instant at which the generation ended.</summary>
    [JsonPropertyName("failed_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>True when the same request may succeed later without change; false when request or data must change first.</summary>
    [JsonPropertyName("retryable")]
    public required bool Retryable { get; init; }
}
