using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>Internal: resolve the universe, freeze the calibration snapshot and lay out the shards of one attempt.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record PlanScenarioSet
{
    /// <summary>Deterministic id of the request.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>Attempt of the request, 1 or more.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>What was asked, validated.</summary>
    [JsonPropertyName("request")]
    public required GenerateScenarioSet Request { get; init; }

    /// <summary>Person or system that asked; becomes created_by.</summary>
    [JsonPropertyName("requested_by")]
    public required string RequestedBy { get; init; }

    /// <summary>Message id of the inbound message that led here; recorded with the set.</summary>
    [JsonPropertyName("causation_message_id")]
    public required Guid CausationMessageId { get; init; }

    /// <summary>One of <see cref="Lanes"/>.</summary>
    [JsonPropertyName("lane")]
    public required string Lane { get; init; }

    /// <summary>The refresh that this generation is a part of; absent for a request on its own.</summary>
    [JsonPropertyName("parent_request_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ParentRequestId { get; init; }
}
