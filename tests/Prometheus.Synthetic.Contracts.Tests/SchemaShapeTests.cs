using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>Records and schemas describe one thing twice; these tests walk both and compare them member by member.</summary>
public class SchemaShapeTests
{
    private static readonly HashSet<Type> ReadLeniently =
    [
        typeof(FragilityComputed),
        typeof(FragileTarget),
        typeof(MonthlyRefreshDue),
        typeof(GenerateScenarioSet),
    ];

    private static readonly Dictionary<string, IReadOnlyList<string>> Enumerations = new()
    {
        ["category"] = ScenarioCategories.All,
        ["entity_type"] = EntityTypes.All,
        ["stage"] = GenerationStages.All,
        ["state"] = FailureStates.All,
        ["lane"] = Lanes.All,
        ["outcome"] = RefreshOutcomes.All,
        ["return_convention"] = ReturnConventions.All,
    };

    public static TheoryData<string> Messages { get; } = [.. ContractNames.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Members_types_and_demands_agree(string name)
    {
        ContractName contract = ContractNames.All.Single(c => c.Name == name);
        JsonObject schema = ContractFiles.SchemaNode(contract.SchemaFile);
        Assert.Equal(contract.Type.Name, schema["title"]!.GetValue<string>());
        Assert.StartsWith(contract.Direction + ": ", schema["description"]!.GetValue<string>());
        Compare(schema, contract.Type, contract.Type.Name);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Members_are_snake_case_described_and_open_to_additions(string name)
    {
        ContractName contract = ContractNames.All.Single(c => c.Name == name);
        foreach (JsonObject o in Objects(ContractFiles.SchemaNode(contract.SchemaFile)))
        {
            Assert.True(o["additionalProperties"]!.GetValue<bool>());
            foreach ((string member, JsonNode? schema) in o["properties"]!.AsObject())
            {
                Assert.Matches("^[a-z][a-z0-9_]*$", member);
                bool described = schema!["description"] is not null || schema["$ref"] is not null;
                Assert.True(described, $"{name}: {member} has no description");
            }
        }
    }

    [Fact]
    public void Documentation_of_the_lenient_records_says_required_where_the_schema_does()
    {
        string file = Path.ChangeExtension(typeof(ContractName).Assembly.Location, ".xml");
        Dictionary<string, string> docs = XDocument
            .Load(file)
            .Descendants("member")
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")?.Value.Trim() ?? "");
        JsonObject fragility = ContractFiles.SchemaNode("fragility-computed.schema.json");
        (Type, JsonObject)[] pairs =
        [
            (typeof(FragilityComputed), fragility),
            (typeof(FragileTarget), fragility["properties"]!["top_targets"]!["items"]!.AsObject()),
            (typeof(MonthlyRefreshDue), ContractFiles.SchemaNode("monthly-refresh-due.schema.json")),
            (typeof(GenerateScenarioSet), ContractFiles.SchemaNode("generate-scenario-set.schema.json")),
        ];
        foreach ((Type type, JsonObject schema) in pairs)
        {
            HashSet<string> required = Required(schema);
            foreach (JsonPropertyInfo member in ContractJson.Options.GetTypeInfo(type).Properties)
            {
                string clrName = ((System.Reflection.PropertyInfo)member.AttributeProvider!).Name;
                string doc = docs[$"P:{type.FullName}.{clrName}"];
                Assert.True(
                    required.Contains(member.Name) == doc.StartsWith("Required", StringComparison.Ordinal),
                    $"{type.Name}.{clrName}: {doc}"
                );
            }
        }
    }

    [Fact]
    public void Every_member_of_every_record_is_documented()
    {
        string file = Path.ChangeExtension(typeof(ContractName).Assembly.Location, ".xml");
        HashSet<string> docs = [.. XDocument.Load(file).Descendants("member").Select(m => m.Attribute("name")!.Value)];
        foreach (Type type in ContractNames.All.Select(c => c.Type))
        {
            Assert.Contains("T:" + type.FullName, docs);
            foreach (JsonPropertyInfo member in ContractJson.Options.GetTypeInfo(type).Properties)
            {
                string clrName = ((System.Reflection.PropertyInfo)member.AttributeProvider!).Name;
                Assert.Contains($"P:{type.FullName}.{clrName}", docs);
            }
        }
    }

    private static void Compare(JsonObject schema, Type type, string at)
    {
        JsonTypeInfo shape = ContractJson.Options.GetTypeInfo(type);
        JsonObject properties = schema["properties"]!.AsObject();
        Assert.Equal(
            properties.Select(p => p.Key).Order(StringComparer.Ordinal),
            shape.Properties.Select(p => p.Name).Order(StringComparer.Ordinal)
        );
        HashSet<string> required = Required(schema);
        Assert.Subset(properties.Select(p => p.Key).ToHashSet(), required);
        foreach (JsonPropertyInfo member in shape.Properties)
        {
            string path = $"{at}.{member.Name}";
            if (ReadLeniently.Contains(type))
            {
                Assert.True(member.IsSetNullable && !member.IsRequired, $"{path} must be readable when missing");
            }
            else
            {
                Assert.True(required.Contains(member.Name) == member.IsRequired, $"{path}: required differs");
                Assert.True(
                    member.IsRequired != member.IsSetNullable,
                    $"{path}: nullable and required exclude each other"
                );
            }

            CompareValue(properties[member.Name]!.AsObject(), member.PropertyType, path, member.Name);
        }
    }

    private static void CompareValue(JsonObject schema, Type type, string path, string name)
    {
        if (schema["$ref"] is { } reference)
        {
            schema = ContractFiles.SchemaNode(reference.GetValue<string>());
            Assert.Equal(type.Name, schema["title"]!.GetValue<string>());
            return;
        }

        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        JsonTypeInfo shape = ContractJson.Options.GetTypeInfo(bare);
        (string expected, string? format) = (bare, shape.Kind) switch
        {
            _ when bare == typeof(int) || bare == typeof(long) => ("integer", null),
            _ when bare == typeof(double) => ("number", null),
            _ when bare == typeof(bool) => ("boolean", null),
            _ when bare == typeof(string) => ("string", null),
            _ when bare == typeof(Guid) => ("string", "uuid"),
            _ when bare == typeof(DateOnly) => ("string", "date"),
            _ when bare == typeof(DateTimeOffset) => ("string", "date-time"),
            _ when bare == typeof(JsonElement) => ("object", null),
            (_, JsonTypeInfoKind.Enumerable) => ("array", null),
            _ => ("object", (string?)null),
        };
        string actual = schema["type"] is JsonArray either ? either[0]!.GetValue<string>() : (string)schema["type"]!;
        Assert.True(expected == actual, $"{path}: the record says {expected}, the schema {actual}");
        Assert.True(format == (string?)schema["format"], $"{path}: format {schema["format"]}");
        if (schema["enum"] is JsonArray values)
        {
            IEnumerable<string> allowed = Enumerations[name];
            if (path == "ScenarioSetGenerationStopped.stage")
                allowed = allowed.Where(v => v != GenerationStages.Sealed);
            Assert.Equal(allowed, values.Select(v => v!.GetValue<string>()));
        }

        if (shape.Kind == JsonTypeInfoKind.Enumerable)
            CompareValue(schema["items"]!.AsObject(), shape.ElementType!, path + "[]", name);
        else if (shape.Kind == JsonTypeInfoKind.Dictionary)
            CompareValue(schema["additionalProperties"]!.AsObject(), shape.ElementType!, path + "{}", name);
        else if (shape.Kind == JsonTypeInfoKind.Object)
            Compare(schema, bare, path);
    }

    private static HashSet<string> Required(JsonObject schema) =>
        [.. schema["required"]!.AsArray().Select(r => r!.GetValue<string>())];

    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject o => (
                o["properties"] is JsonObject && o["additionalProperties"] is JsonValue
                    ? [o]
                    : Array.Empty<JsonObject>()
            ).Concat(o.SelectMany(p => Objects(p.Value))),
            JsonArray a => a.SelectMany(Objects),
            _ => [],
        };
}
