using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Json;

/// <summary>
/// Holds a published JSON Schema to the parser it describes: the same keys at every level, the same words, and the same
/// bounds, each proved by asking the parser.
/// </summary>
internal sealed class PublishedSpec(string file, Action<JsonElement> parse)
{
    private readonly JsonObject _schema = JsonNode
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "contracts", "schemas", "specs", file)))!
        .AsObject();

    /// <summary>Keys that the caller reads before the parser.</summary>
    public string[] ReadElsewhere { get; init; } = [];

    /// <summary>Keys whose values another part judges: kinds of files, names that are resolved, forms of text.</summary>
    public string[] JudgedElsewhere { get; init; } = [];

    public void HoldsAtEveryLevel() => Check(_schema, node => node, "");

    private void Check(JsonObject schema, Func<JsonNode, JsonNode> wrap, string path)
    {
        JsonObject properties = schema["properties"]!.AsObject();
        Assert.False(schema["additionalProperties"]!.GetValue<bool>(), $"{path} allows any key");
        string[] published =
        [
            .. properties
                .Select(p => p.Key)
                .Where(k => path.Length > 0 || !ReadElsewhere.Contains(k))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(published, KnownKeys(wrap, path));
        foreach ((string key, JsonNode? node) in properties)
        {
            if (path.Length == 0 && ReadElsewhere.Contains(key))
                continue;
            JsonObject property = node!.AsObject();
            string at = path.Length == 0 ? key : $"{path}.{key}";
            if (!JudgedElsewhere.Contains(key))
                CheckValue(property, value => wrap(new JsonObject { [key] = value }), at);
            // Objects without properties are maps, their keys are data.
            if (property["type"]?.GetValue<string>() == "object" && property["properties"] is not null)
                Check(property, inner => wrap(new JsonObject { [key] = inner }), at);
            if (property["items"] is JsonObject items && items["type"]!.GetValue<string>() == "object")
                Check(items, inner => wrap(new JsonObject { [key] = new JsonArray(inner) }), $"{at}[0]");
        }
    }

    private void CheckValue(JsonObject property, Func<JsonNode, JsonNode> wrap, string at)
    {
        foreach (JsonObject variant in property["anyOf"]?.AsArray().Select(v => v!.AsObject()) ?? [property])
        {
            switch (variant["type"]!.GetValue<string>())
            {
                case "number" or "integer":
                    double low = variant["minimum"]!.GetValue<double>();
                    double high = variant["maximum"]!.GetValue<double>();
                    Accepted(wrap(low), at);
                    Accepted(wrap(high), at);
                    double step = variant["type"]!.GetValue<string>() == "integer" ? 1 : Math.Max(1e-6, high * 1e-6);
                    Refused(wrap(low - step), at, ErrorCodes.OutOfRange);
                    Refused(wrap(high + step), at, ErrorCodes.OutOfRange);
                    break;
                case "string" when variant["enum"] is JsonArray words:
                    foreach (JsonNode? word in words)
                        Accepted(wrap(word!.DeepClone()), at);
                    Refused(wrap("no such word"), at, ErrorCodes.UnknownValue);
                    break;
                case "string" when variant["format"]?.GetValue<string>() == "date":
                    Accepted(wrap("2024-02-29"), at);
                    Refused(wrap("2024-02-30"), at, ErrorCodes.WrongType);
                    break;
                case "string" when variant["format"]?.GetValue<string>() == "uuid":
                    Accepted(wrap("7b0e4a52-91c0-4d3a-a51e-2f60c1d7e812"), at);
                    Refused(wrap("7b0e4a52"), at, ErrorCodes.WrongType);
                    break;
                case "string":
                    Accepted(wrap("X"), at);
                    Refused(wrap(""), at, ErrorCodes.OutOfRange, ErrorCodes.WrongType);
                    break;
                case "boolean":
                    Accepted(wrap(true), at);
                    Refused(wrap("yes"), at, ErrorCodes.WrongType);
                    break;
                case "array" when variant["items"]!["enum"] is JsonArray words:
                    Accepted(wrap(new JsonArray([.. words.Select(w => w!.DeepClone())])), at);
                    Refused(wrap(new JsonArray("no such word")), at, ErrorCodes.UnknownValue);
                    break;
                case "array":
                    Refused(wrap("not a list"), at, ErrorCodes.WrongType);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>No error about this very field; others may lack what belongs beside it.</summary>
    private void Accepted(JsonNode spec, string at) =>
        Assert.DoesNotContain(
            Errors(spec),
            e =>
                Bare(e.Field) == at
                && e.Code is ErrorCodes.OutOfRange or ErrorCodes.WrongType or ErrorCodes.UnknownValue
        );

    private void Refused(JsonNode spec, string at, params string[] codes) =>
        Assert.Contains(
            Errors(spec),
            e => Bare(e.Field).StartsWith(at, StringComparison.Ordinal) && codes.Contains(e.Code)
        );

    private string[] KnownKeys(Func<JsonNode, JsonNode> wrap, string path)
    {
        const string marker = "known keys: ";
        string field = path.Length == 0 ? "zzzzzzzzzzzz" : $"{path}.zzzzzzzzzzzz";
        FieldError error = Assert.Single(
            Errors(wrap(new JsonObject { ["zzzzzzzzzzzz"] = 1 })),
            e => Bare(e.Field) == field && e.Code == ErrorCodes.UnknownKey
        );
        string list = error.Message[(error.Message.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..];
        return [.. list.Split(", ").Order(StringComparer.Ordinal)];
    }

    /// <summary>Without the name of the whole object.</summary>
    private static string Bare(string field) => field[(field.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private IReadOnlyList<FieldError> Errors(JsonNode spec)
    {
        try
        {
            parse(JsonSerializer.SerializeToElement(spec));
            return [];
        }
        catch (ScenarioRefusedException refused)
        {
            return refused.Errors;
        }
    }
}
