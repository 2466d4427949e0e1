using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using YamlDotNet.RepresentationModel;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>asyncapi.yaml and README.md say the same as the records, schemas and samples.</summary>
public class PublishedDocumentTests
{
    private static readonly ContractName[] Public =
    [
        .. ContractNames.All.Where(c => c.Direction != ContractDirection.Internal),
    ];

    private static readonly YamlNode Document = LoadYaml();

    [Fact]
    public void Document_is_AsyncAPI_3_with_JSON_by_default()
    {
        Assert.Equal("3.0.0", Text(Document["asyncapi"]));
        Assert.Equal(ContractNames.ContentType, Text(Document["defaultContentType"]));
        Assert.Contains(ContractNames.MessageIdNamespace.ToString(), Text(Document["info"]["description"]));
    }

    [Fact]
    public void Channels_are_the_exchanges_of_the_public_messages_and_no_other()
    {
        Assert.Equal(
            Public.Select(c => c.Exchange).Order(StringComparer.Ordinal),
            Children(Document["channels"]).Select(c => Text(c.Value["address"])).Order(StringComparer.Ordinal)
        );
        foreach ((_, YamlNode channel) in Children(Document["channels"]))
        {
            YamlNode amqp = channel["bindings"]["amqp"];
            Assert.Equal("routingKey", Text(amqp["is"]));
            YamlNode exchange = amqp["exchange"];
            Assert.Equal(Text(channel["address"]), Text(exchange["name"]));
            Assert.Equal(
                ("fanout", "true", "false"),
                (Text(exchange["type"]), Text(exchange["durable"]), Text(exchange["autoDelete"]))
            );
            (string name, YamlNode reference) = Assert.Single(Children(channel["messages"]));
            Assert.Equal(ContractNames.FindByExchange(Text(exchange["name"]))!.Type.Name, name);
            Assert.Equal($"#/components/messages/{name}", Text(reference["$ref"]));
        }
    }

    [Fact]
    public void Operations_receive_what_is_inbound_and_send_what_is_outbound()
    {
        IEnumerable<(string, string)> expected = Public.Select(c =>
            (c.Direction == ContractDirection.Inbound ? "receive" : "send", c.Exchange)
        );
        IEnumerable<(string, string)> actual = Children(Document["operations"])
            .Select(o =>
            {
                YamlNode channel = Resolve(Text(o.Value["channel"]["$ref"]));
                YamlNode message = Resolve(Text(Assert.Single((YamlSequenceNode)o.Value["messages"])["$ref"]));
                Assert.Equal(Text(Assert.Single(Children(channel["messages"])).Value["$ref"]), Text(message["$ref"]));
                return (Text(o.Value["action"]), Text(channel["address"]));
            });
        Assert.Equal(expected.Order(), actual.Order());
    }

    [Fact]
    public void Messages_refer_to_their_schema_and_show_a_kept_sample()
    {
        foreach (ContractName contract in Public)
        {
            YamlNode message = Document["components"]["messages"][contract.Type.Name];
            Assert.Equal($"./schemas/{contract.SchemaFile}", Text(message["payload"]["$ref"]));
            Assert.Equal($"./samples/{contract.Name}", Text(message["x-samples"]));
            Assert.Equal(contract.Urn, Text(message["bindings"]["amqp"]["messageType"]));
            Assert.Equal(ContractNames.ContentType, Text(message["contentType"]));
            YamlNode example = Assert.Single((YamlSequenceNode)message["examples"]);
            string sample = Path.Combine(ContractFiles.Samples, contract.Name, Text(example["name"]) + ".json");
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(sample)), ToJson(example["payload"])),
                $"The example of {contract.Type.Name} is not {sample}"
            );
        }
    }

    [Fact]
    public void Readme_names_every_public_exchange_and_the_right_id()
    {
        string readme = File.ReadAllText(Path.Combine(ContractFiles.Root, "README.md"));
        foreach (ContractName contract in Public)
        {
            string direction = contract.Direction == ContractDirection.Inbound ? "in" : "out";
            Assert.Contains($"| {contract.Type.Name} | {direction} | `{contract.Exchange}` |", readme);
        }

        Assert.Contains(ContractNames.MessageIdNamespace.ToString(), readme);
        Guid id = NaturalKeys.MessageId(new MonthlyRefreshDue { MarketId = "US_EQ", Month = "2025-03" });
        Assert.Contains($"`[\"MonthlyRefreshDue\",\"US_EQ\",\"2025-03\"]` → `{id}`", readme);
        Assert.Contains($".messageId(\"{id}\")", readme);
    }

    private static YamlNode LoadYaml()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(ContractFiles.Root, "asyncapi.yaml"))));
        return stream.Documents[0].RootNode;
    }

    private static YamlNode Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(Document, (at, step) => at[step]);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static IEnumerable<(string Key, YamlNode Value)> Children(YamlNode node) =>
        ((YamlMappingNode)node).Children.Select(c => (Text(c.Key), c.Value));

    private static JsonNode? ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode => new JsonObject(Children(node).Select(c => KeyValuePair.Create(c.Key, ToJson(c.Value)))),
            YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
            YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => JsonNode.Parse(plain.Value!),
            _ => JsonValue.Create(Text(node)),
        };
}
