using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Scenarios.Json;

/// <summary>
/// A definition inside a spec: <c>{name, version, hash, content}</c>, put there by the engine in the place of the name
/// that the caller wrote.
/// </summary>
internal static class EmbeddedDefinition
{
    /// <summary>The parsed content; null when absent, only named, or refused (the reader then holds why).</summary>
    public static T? Read<T>(SpecReader reader, string key, Func<string, JsonElement, T> parse)
        where T : class
    {
        if (!reader.Has(key) || reader.TextOrObject(key) is not { } embedded)
            return null;
        embedded.OptionalText("name");
        embedded.OptionalInteger("version", 1, 1_000_000);
        embedded.OptionalText("hash");
        JsonElement? content = embedded.OptionalElement("content");
        embedded.Finish();
        if (content is null)
        {
            embedded.Refuse(
                ErrorCodes.Missing,
                "content",
                "is missing; name the definition by text, or embed it whole"
            );
            return null;
        }

        try
        {
            return parse(embedded.Field("content"), content.Value);
        }
        catch (ScenarioRefusedException refused)
        {
            reader.Include(refused.Errors);
            return null;
        }
    }
}
