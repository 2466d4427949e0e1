using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Regulatory;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>
/// Puts the content of named definitions into a <c>generator_spec</c>, so that the stored spec alone makes the set again
/// and the request's key follows the content: an unchanged definition gives the set that exists, a changed one a new
/// version.
/// </summary>
public sealed class SpecReferences(DefinitionLibrary library)
{
    /// <summary>The threat model of an adversarial request that names none.</summary>
    public const string DefaultThreatModel = "STANDARD";

    private static readonly Lazy<SpecReferences> s_shipped = new(() => new(DefinitionLibrary.Load(null)));

    /// <summary>References to the shipped definitions.</summary>
    public static SpecReferences Shipped => s_shipped.Value;

    /// <param name="errors">Receives what could not be resolved.</param>
    public JsonElement? Embed(string? category, JsonElement? spec, List<FieldError> errors)
    {
        if (spec is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined) })
            return spec;
        JsonObject copy = spec is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : [];
        bool changed = Embed(category, copy, "generator_spec", errors);
        return changed ? JsonSerializer.SerializeToElement(copy) : spec;
    }

    private bool Embed(string? category, JsonObject spec, string path, List<FieldError> errors)
    {
        switch (category)
        {
            case ScenarioCategory.FragilityAdversarial:
                return Replace(
                    spec,
                    AdversarialSpec.ThreatModelKey,
                    DefaultThreatModel,
                    [DefinitionKinds.ThreatModel],
                    path,
                    errors
                );
            case ScenarioCategory.Regulatory:
                return Replace(
                    spec,
                    RegulatorySpec.DefinitionKey,
                    null,
                    [DefinitionKinds.Regulatory, DefinitionKinds.Crisis],
                    path,
                    errors
                );
            case ScenarioCategory.Custom:
                return Replace(spec, CustomDefinition.DefinitionKey, null, [DefinitionKinds.Custom], path, errors);
            case ScenarioCategory.ShockOverlay
                when spec["baseline"] is JsonObject baseline && baseline["category"] is JsonValue nested:
                baseline["generator_spec"] ??= new JsonObject();
                return baseline["generator_spec"] is JsonObject inner
                    && Embed(
                        nested.GetValueKind() == JsonValueKind.String ? nested.GetValue<string>() : null,
                        inner,
                        $"{path}.baseline.generator_spec",
                        errors
                    );
            default:
                return false;
        }
    }

    private bool Replace(
        JsonObject spec,
        string key,
        string? fallback,
        IReadOnlyList<string> kinds,
        string path,
        List<FieldError> errors
    )
    {
        string field = $"{path}.{key}";
        JsonNode? node = spec[key];
        if (node is JsonObject embedded)
        {
            CheckHash(embedded, field, errors);
            return false;
        }

        string? reference =
            node is null ? fallback
            : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>()
            : null;
        if (reference is null)
            return false;
        try
        {
            spec[key] = library.Find(reference, kinds, field).Embedded();
            return true;
        }
        catch (ScenarioRefusedException refused)
        {
            errors.AddRange(refused.Errors);
            spec.Remove(key);
            return true;
        }
    }

    private static void CheckHash(JsonObject embedded, string field, List<FieldError> errors)
    {
        if (embedded["hash"] is not JsonValue hash || embedded["content"] is not JsonObject content)
            return;
        string actual = Definition.HashOf(JsonSerializer.SerializeToElement(content));
        if (hash.GetValueKind() != JsonValueKind.String || hash.GetValue<string>() != actual)
            errors.Add(
                new FieldError(
                    ErrorCodes.Conflict,
                    $"{field}.hash",
                    $"is not the hash of the content, which is {actual}; leave hash out, or name the definition instead of embedding it"
                )
            );
    }
}
