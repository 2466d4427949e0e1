using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: call a generation off. A sealed set is not touched by it.</summary>
public sealed record CancelScenarioSetGeneration
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>Why, in words; goes into the audit trail and the failure event. Not empty.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    /// <summary>Person or system that calls it off.</summary>
    [JsonPropertyName("requested_by")]
    public required string RequestedBy { get; init; }

    /// <summary>
    /// Calls off only what this message asked for, so that a late copy cannot end what was asked since. Absent:
    /// whatever runs.
    /// </summary>
    [JsonPropertyName("causation_message_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? CausationMessageId { get; init; }
}
