using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>A versioned definition as its file has it.</summary>
/// <param name="Kind">One of <see cref="DefinitionKinds"/>.</param>
/// <param name="Hash">SHA-256 of the canonical JSON of the content: unchanged content, unchanged hash, however written.</param>
/// <param name="Origin">File name.</param>
public sealed record Definition(
    string Kind,
    string Name,
    int Version,
    string Title,
    string Hash,
    JsonElement Content,
    string Origin
)
{
    public static string HashOf(JsonElement content) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(content)));

    /// <summary>What goes into a set's <c>generator_spec</c>: enough to make the set again without the file.</summary>
    public JsonObject Embedded() =>
        new()
        {
            ["name"] = Name,
            ["version"] = Version,
            ["hash"] = Hash,
            ["content"] = JsonObject.Create(Content),
        };
}

/// <summary>What a definition file can define.</summary>
public static class DefinitionKinds
{
    public const string ThreatModel = "threat_model";
    public const string Regulatory = "regulatory";
    public const string Crisis = "crisis";
    public const string Custom = "custom";

    public static IReadOnlyList<string> All { get; } = [ThreatModel, Regulatory, Crisis, Custom];
}
