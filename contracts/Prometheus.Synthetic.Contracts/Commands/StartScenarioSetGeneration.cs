using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: begins the generation of a validated request, or answers with what it has already become.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record StartScenarioSetGeneration
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>What was asked, validated.</summary>
    [JsonPropertyName("request")]
    public required GenerateScenarioSet Request { get; init; }

    /// <summary>Person or system that asked, e.g. <c>system</c>.</summary>
    [JsonPropertyName("requested_by")]
    public required string RequestedBy { get; init; }

    /// <summary>Message id of the inbound message that led here.</summary>
    [JsonPropertyName("causation_message_id")]
    public required Guid CausationMessageId { get; init; }

    /// <summary>One of <see cref="Lanes"/>.</summary>
    [JsonPropertyName("lane")]
    public required string Lane { get; init; }

    /// <summary>The refresh that this generation is a part of; absent for a request on its own.</summary>
    [JsonPropertyName("parent_request_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ParentRequestId { get; init; }

    /// <summary>
    /// Asks for a new attempt if this one, 1 or more, is the last and ended without a set. Absent: a repetition begins
    /// nothing again, so that a late copy cannot revive what was called off.
    /// </summary>
    [JsonPropertyName("retry_of_attempt"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryOfAttempt { get; init; }
}
