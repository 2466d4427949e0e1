using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>Turns a policy's YAML into JSON: plain scalars by YAML's core schema, quoted ones are text.</summary>
public static class PolicyFile
{
    public const int MaxBytes = 1 << 20;

    /// <exception cref="ScenarioRefusedException">The file is no YAML mapping, or larger than a policy can be.</exception>
    public static JsonElement ToJson(string yaml)
    {
        if (yaml.Length > MaxBytes)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                string.Empty,
                $"{yaml.Length} characters; a policy has at most {MaxBytes}"
            );
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                string.Empty,
                $"is not YAML: line {e.Start.Line}, column {e.Start.Column}: {e.InnerException?.Message ?? e.Message}"
            );
        }
        catch (InvalidOperationException)
        {
            // What the parser throws when the text ends within a bracket.
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                string.Empty,
                "is not YAML: it ends within a list or a mapping"
            );
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                string.Empty,
                "is not one YAML mapping; begin with 'policy:'"
            );
        return JsonSerializer.SerializeToElement(Convert(root, 0));
    }

    private static JsonNode? Convert(YamlNode node, int depth)
    {
        // Aliases can nest a node in itself.
        if (depth > 32)
            throw new ScenarioRefusedException(ErrorCodes.OverLimit, string.Empty, "is nested deeper than 32 levels");
        return node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(c =>
                    KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Convert(c.Value, depth + 1))
                )
            ),
            YamlSequenceNode list => new JsonArray([.. list.Select(n => Convert(n, depth + 1))]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? string.Empty),
            YamlScalarNode text => JsonValue.Create(text.Value),
            _ => throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                string.Empty,
                $"{node.NodeType} is not used in a policy"
            ),
        };
    }

    private static JsonValue? Plain(string text)
    {
        if (text is "" or "~" or "null")
            return null;
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
