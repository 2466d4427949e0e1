using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Adversarial;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Regulatory;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>Reads and checks one definition file: YAML, or for hand-written paths a table of shocks in CSV.</summary>
public static class DefinitionFile
{
    /// <param name="file">Name of the file, for errors.</param>
    /// <exception cref="ScenarioRefusedException">Everything wrong with the file, at once.</exception>
    public static Definition Read(string text, string file)
    {
        JsonElement content = file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? ShockTable.Read(text, file)
            : YamlJson.Read(text, file);
        if (content.ValueKind != JsonValueKind.Object)
            throw new ScenarioRefusedException(ErrorCodes.WrongType, file, "is not a mapping of keys to values");
        string kind =
            content.TryGetProperty("kind", out JsonElement k) && k.ValueKind == JsonValueKind.String
                ? k.GetString()!
                : string.Empty;
        (string name, int version, string title) = kind switch
        {
            DefinitionKinds.ThreatModel => Of(ThreatModel.Parse(file, content), content),
            DefinitionKinds.Regulatory or DefinitionKinds.Crisis => Of(ScenarioDefinition.Parse(file, content)),
            DefinitionKinds.Custom => Of(CustomDefinition.Parse(file, content)),
            _ => throw new ScenarioRefusedException(
                ErrorCodes.UnknownValue,
                $"{file}.kind",
                $"'{kind}' is no kind of definition; one of {string.Join(", ", DefinitionKinds.All)}{Spelling.Suggest(kind, DefinitionKinds.All)}"
            ),
        };
        return new Definition(kind, name, version, title, Definition.HashOf(content), content, file);
    }

    private static (string, int, string) Of(ThreatModel model, JsonElement content) =>
        (model.Name, model.Version, content.TryGetProperty("title", out JsonElement t) ? t.GetString() ?? "" : "");

    private static (string, int, string) Of(ScenarioDefinition definition) =>
        (definition.Name, definition.Version, definition.Title);

    private static (string, int, string) Of(CustomDefinition definition) =>
        (definition.Name, definition.Version, definition.Title);
}
