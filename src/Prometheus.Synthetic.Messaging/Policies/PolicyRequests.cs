using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>The request that a part of a policy makes of an occasion. Pure: the same policy and event give the same request.</summary>
public static class PolicyRequests
{
    /// <summary>Prefix of the tag by which an unchanged definition is recognised.</summary>
    public const string DefinitionTag = "definition:";

    public static GenerateScenarioSet For(RefreshPolicy policy, PolicyPart part, RefreshOccasion occasion) =>
        new()
        {
            Name = PolicyTemplate.Fill(part.Name, occasion, part),
            Description = PolicyTemplate.Fill(part.Description, occasion, part),
            Category = part.Category,
            HorizonDays = part.HorizonDays,
            NumPaths = part.NumPaths,
            Markets = part.Markets,
            AsOfDate = occasion.AsOfDate,
            BaseDateStart = part.HistoryYears is { } years ? occasion.AsOfDate.AddYears(-years) : null,
            RegimeFilter = part.RegimeFilter,
            UniverseFilter = part.UniverseFilter,
            GeneratorSpec = Spec(part, occasion),
            Tags = Tags(part),
            RequestedBy = "system",
            ForceNewVersion = occasion.Force ? true : null,
            Policy = policy.Reference,
        };

    /// <summary>Says what a part makes, whatever the month: its definition and the version of the numerics.</summary>
    /// <param name="resolvedSpec">The generator spec with everything that it names embedded.</param>
    public static string DefinitionOf(PolicyPart part, JsonElement resolvedSpec)
    {
        JsonElement definition = JsonSerializer.SerializeToElement(
            new
            {
                part.Name,
                part.Category,
                part.HorizonDays,
                part.NumPaths,
                part.Markets,
                part.HistoryYears,
                part.RegimeFilter,
                part.UniverseFilter,
                GeneratorSpec = WithoutDerivedSeed(part, resolvedSpec),
                part.Tags,
                Numerics = EngineVersion.Numeric,
            }
        );
        return DefinitionTag + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(definition)))[..16];
    }

    /// <summary>A seed that was derived follows from the as-of date, which is no part of the definition.</summary>
    private static JsonObject WithoutDerivedSeed(PolicyPart part, JsonElement spec)
    {
        JsonObject copy = JsonObject.Create(spec)!;
        if (part.GeneratorSpec is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("seed", out _))
            copy.Remove("seed");
        return copy;
    }

    private static string[] Tags(PolicyPart part)
    {
        IEnumerable<string> tags = part.Tags;
        if (part.Targets is not null)
            tags = tags.Append(ContractTags.DefensiveTest);
        return [.. tags.Distinct(StringComparer.Ordinal)];
    }

    private static JsonElement? Spec(PolicyPart part, RefreshOccasion occasion)
    {
        if (part.Targets is not { } rule)
            return part.GeneratorSpec;
        JsonObject spec = part.GeneratorSpec is { ValueKind: JsonValueKind.Object } given
            ? JsonObject.Create(given)!
            : [];
        spec["radius"] = rule.Severity;
        if (rule.TopK is { } top)
            spec["top_k"] = top;
        if (rule.MinScore is { } score)
            spec["min_score"] = score;
        if (rule.Templates.Count > 0)
            spec["templates"] = new JsonArray([.. rule.Templates.Select(t => (JsonNode)t)]);
        if (occasion.Targets is { } targets)
            spec["targets"] = JsonSerializer.SerializeToNode(targets, ContractJson.Options);
        return JsonSerializer.SerializeToElement(spec);
    }
}
