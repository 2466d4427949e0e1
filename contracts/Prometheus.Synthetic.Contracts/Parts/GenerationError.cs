using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>One reason why a generation ended without a set.</summary>
public sealed record GenerationError
{
    /// <summary>Stable kebab-case name of the kind of error, e.g. <c>out-of-range</c>. Consumers may switch on it.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>Path of the field as the sender wrote it, e.g. <c>generator_spec.block_length</c>; empty when no field is to blame.</summary>
    [JsonPropertyName("field")]
    public required string Field { get; init; }

    /// <summary>For people: what was given, what is allowed, what to do.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }
}
