using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Contracts;

/// <summary>The versioned policy that asked for a set.</summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record PolicyReference
{
    /// <summary>Name of the policy, e.g. <c>us-eq-monthly</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Version within the name, 1 or more.</summary>
    [JsonPropertyName("version")]
    public required int Version { get; init; }

    /// <summary>Hash of the policy file: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    [JsonPropertyName("hash")]
    public required string Hash { get; init; }
}
