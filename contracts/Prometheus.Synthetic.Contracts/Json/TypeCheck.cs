using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>
/// Compares a body with the shape of a record, member by member, and takes out what does not fit, so that the rest can
/// still be read. The serializer alone would stop at the first wrong member.
/// </summary>
internal sealed class TypeCheck
{
    private const int LongestQuote = 40;

    private readonly List<GenerationError> _errors = [];

    public IReadOnlyList<GenerationError> Errors => _errors;

    /// <summary>True when a value of the type can be made of the node, perhaps without some of its members.</summary>
    public bool Accepts(JsonNode? node, Type type, string field)
    {
        JsonTypeInfo shape = ContractJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        return (shape.Kind, node) switch
        {
            (JsonTypeInfoKind.Object, JsonObject o) => AcceptsMembers(o, shape, field),
            (JsonTypeInfoKind.Dictionary, JsonObject o) => AcceptsEntries(o, shape.ElementType!, field),
            (JsonTypeInfoKind.Enumerable, JsonArray a) => AcceptsItems(a, shape.ElementType!, field),
            (JsonTypeInfoKind.None, not null) => AcceptsValue(node, shape.Type, field),
            _ => Refuse(node, shape.Type, field),
        };
    }

    private bool AcceptsMembers(JsonObject node, JsonTypeInfo shape, string field)
    {
        bool whole = true;
        foreach (JsonPropertyInfo member in shape.Properties)
        {
            string path = field.Length == 0 ? member.Name : $"{field}.{member.Name}";
            bool present = node.TryGetPropertyValue(member.Name, out JsonNode? value);
            bool fits;
            if (!present && member.IsRequired)
            {
                string message = $"{path} is missing; {Expected(member.PropertyType)} is expected.";
                _errors.Add(ContractReader.Error(ReadErrorCodes.Missing, path, message));
                fits = false;
            }
            else
            {
                fits = !present || (value is null && member.IsSetNullable) || Accepts(value, member.PropertyType, path);
            }

            if (!fits)
                node.Remove(member.Name);
            whole &= fits || !member.IsRequired;
        }

        return whole;
    }

    private bool AcceptsEntries(JsonObject node, Type elementType, string field)
    {
        foreach ((string key, JsonNode? value) in node.ToArray())
        {
            if (!Accepts(value, elementType, $"{field}.{key}"))
                node.Remove(key);
        }

        return true;
    }

    private bool AcceptsItems(JsonArray node, Type elementType, string field)
    {
        bool[] fits = [.. node.Select((item, i) => Accepts(item, elementType, $"{field}[{i}]"))];
        for (int i = fits.Length - 1; i >= 0; i--)
        {
            if (!fits[i])
                node.RemoveAt(i);
        }

        return true;
    }

    private bool AcceptsValue(JsonNode node, Type type, string field)
    {
        // The attribute on the records forbids numbers in strings, and so do the defaults of these options.
        try
        {
            return node.Deserialize(type, ContractJson.Options) switch
            {
                null => false,
                double number when !double.IsFinite(number) => Refuse(node, type, field),
                JsonElement free => AcceptsNumbers(free, field),
                _ => true,
            };
        }
        catch (JsonException)
        {
            return Refuse(node, type, field);
        }
    }

    /// <summary>Free-form members are the generators' business, but a number that no double can hold is nobody's.</summary>
    private bool AcceptsNumbers(JsonElement free, string field) =>
        free.ValueKind switch
        {
            JsonValueKind.Object => free.EnumerateObject().All(p => AcceptsNumbers(p.Value, $"{field}.{p.Name}")),
            JsonValueKind.Array => free.EnumerateArray()
                .Select((item, i) => (item, i))
                .All(x => AcceptsNumbers(x.item, $"{field}[{x.i}]")),
            JsonValueKind.Number when !double.IsFinite(free.GetDouble()) => Refuse(
                JsonValue.Create(free),
                typeof(double),
                field
            ),
            _ => true,
        };

    private bool Refuse(JsonNode? node, Type type, string field)
    {
        string subject = field.Length == 0 ? "The body" : field;
        string message = $"{subject} is {Given(node)}; {Expected(type)} is expected.";
        _errors.Add(ContractReader.Error(ReadErrorCodes.WrongType, field, message));
        return false;
    }

    private static string Given(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        string quote = text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";
        return node?.GetValueKind() switch
        {
            JsonValueKind.String => $"the string {quote}",
            JsonValueKind.Number => $"the number {quote}",
            JsonValueKind.Array => $"the array {quote}",
            JsonValueKind.Object => $"the object {quote}",
            _ => quote,
        };
    }

    private static string Expected(Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(int))
            return "a whole number of at most 32 bits";
        if (bare == typeof(long))
            return "a whole number of at most 64 bits";
        if (bare == typeof(double))
            return "a number within the range of a double";
        if (bare == typeof(string))
            return "a string";
        if (bare == typeof(bool))
            return "true or false";
        if (bare == typeof(Guid))
            return "a UUID as a string";
        if (bare == typeof(DateOnly))
            return "a calendar date as a string, yyyy-MM-dd,";
        if (bare == typeof(DateTimeOffset))
            return "an instant with an offset as a string, e.g. 2025-03-31T22:15:00Z,";
        return ContractJson.Options.GetTypeInfo(bare).Kind == JsonTypeInfoKind.Enumerable ? "an array" : "an object";
    }
}
