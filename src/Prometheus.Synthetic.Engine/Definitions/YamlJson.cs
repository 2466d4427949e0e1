using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Prometheus.Synthetic.Engine.Definitions;

/// <summary>YAML as JSON: plain scalars by the YAML 1.2 core schema, quoted ones as text. Anchors are resolved.</summary>
internal static class YamlJson
{
    /// <param name="file">Name of the file, for errors.</param>
    /// <exception cref="ScenarioRefusedException">The text is not one YAML document.</exception>
    public static JsonElement Read(string text, string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count != 1)
                throw new ScenarioRefusedException(
                    ErrorCodes.WrongType,
                    file,
                    $"holds {stream.Documents.Count} YAML documents; write one"
                );
            return JsonSerializer.SerializeToElement(Node(stream.Documents[0].RootNode));
        }
        catch (YamlException e)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                file,
                $"is not YAML at line {e.Start.Line}, column {e.Start.Column}: {e.Message}"
            );
        }
    }

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(p =>
                    KeyValuePair.Create(((YamlScalarNode)p.Key).Value ?? string.Empty, Node(p.Value))
                )
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            YamlScalarNode scalar => Scalar(scalar),
            _ => null,
        };

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? string.Empty;
        return scalar.Style is not ScalarStyle.Plain ? JsonValue.Create(text) : Scalar(text);
    }

    /// <summary>A plain scalar by the core schema.</summary>
    internal static JsonValue? Scalar(string text)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return JsonValue.Create(text[0] is 't' or 'T');
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);
        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
