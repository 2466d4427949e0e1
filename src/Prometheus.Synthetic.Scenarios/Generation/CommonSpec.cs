using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Diagnostics.Severity;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>
/// The keys that a <c>generator_spec</c> may have whatever its family. The engine reads them; a family's parser never
/// sees them. Checks of severity change no number of a set; a seed that is derived depends on all that was asked.
/// </summary>
/// <param name="Seed"><c>seed</c>; null when the request names none.</param>
/// <param name="SeverityChecks"><c>severity_checks</c>: what the sealed set is held against.</param>
public sealed record CommonSpec(ulong? Seed, IReadOnlyList<SeverityCheck> SeverityChecks)
{
    private const string SeedKey = "seed";
    private const string SeverityKey = "severity_checks";

    /// <param name="spec">An object; anything else has no keys.</param>
    /// <param name="errors">Told what is wrong with these keys.</param>
    public static CommonSpec Read(JsonElement? spec, List<FieldError> errors)
    {
        var reader = new SpecReader("generator_spec", spec is { ValueKind: JsonValueKind.Object } ? spec : null);
        var common = new CommonSpec(reader.OptionalSeed(SeedKey), SeverityCheck.Read(reader, SeverityKey));
        errors.AddRange(reader.Errors);
        return common;
    }

    /// <summary>What is left for the family; null when nothing was given.</summary>
    public static JsonElement? Without(JsonElement? spec)
    {
        if (spec is not { ValueKind: JsonValueKind.Object } given)
            return null;
        JsonObject copy = JsonObject.Create(given)!;
        copy.Remove(SeedKey);
        copy.Remove(SeverityKey);
        return JsonSerializer.SerializeToElement(copy);
    }
}
