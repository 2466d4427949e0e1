using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>Every kept sample, both ways: body → record → body, against the schema at either end.</summary>
public class SampleTests
{
    public static TheoryData<string> All { get; } =
    [
        .. ContractNames
            .All.SelectMany(ContractFiles.SamplesOf)
            .Select(f => Path.GetRelativePath(ContractFiles.Samples, f)),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Sample_is_valid_and_survives_the_round_trip(string sample)
    {
        (ContractName contract, string body) = Load(sample);
        Assert.Empty(ContractFiles.Violations(contract, body));

        object message = JsonSerializer.Deserialize(body, contract.Type, ContractJson.Options)!;
        string again = JsonSerializer.Serialize(message, contract.Type, ContractJson.Options);

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(again)),
            $"{sample} was read and written as {again}"
        );
        Assert.Empty(ContractFiles.Violations(contract, again));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Names_do_not_depend_on_the_options_of_the_serializer(string sample)
    {
        (ContractName contract, string body) = Load(sample);
        // What a bus library typically uses: another naming policy, lenient numbers, case-insensitive reading.
        var lenient = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        object message = JsonSerializer.Deserialize(body, contract.Type, lenient)!;
        string again = JsonSerializer.Serialize(message, contract.Type, lenient);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(again)), again);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Members_that_nobody_knows_yet_are_passed_over(string sample)
    {
        (ContractName contract, string body) = Load(sample);
        JsonObject later = JsonNode.Parse(body)!.AsObject();
        later["added_in_a_later_version"] = new JsonObject { ["anything"] = new JsonArray(1, "two", null) };

        Assert.Empty(ContractFiles.Violations(contract, later.ToJsonString()));
        object message = JsonSerializer.Deserialize(later.ToJsonString(), contract.Type, ContractJson.Options)!;
        string again = JsonSerializer.Serialize(message, contract.Type, ContractJson.Options);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(again)), again);
    }

    [Fact]
    public void Inbound_messages_have_a_minimal_and_a_full_sample()
    {
        foreach (ContractName c in ContractNames.All.Where(c => c.Direction == ContractDirection.Inbound))
        {
            IEnumerable<string> names = ContractFiles.SamplesOf(c).Select(f => Path.GetFileName(f));
            Assert.Contains("v1-minimal.json", names);
            Assert.Contains("v1-full.json", names);
        }
    }

    [Fact]
    public void Minimal_samples_hold_nothing_that_may_be_left_out()
    {
        foreach (ContractName c in ContractNames.All.Where(c => c.Direction == ContractDirection.Inbound))
        {
            string file = Path.Combine(ContractFiles.Samples, c.Name, "v1-minimal.json");
            string[] members = [.. JsonNode.Parse(File.ReadAllText(file))!.AsObject().Select(p => p.Key)];
            foreach (string member in members)
            {
                JsonObject less = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                less.Remove(member);
                Assert.NotEmpty(ContractFiles.Violations(c, less.ToJsonString()));
            }
        }
    }

    private static (ContractName Contract, string Body) Load(string sample) =>
        (
            ContractNames.All.Single(c => c.Name == Path.GetDirectoryName(sample)),
            File.ReadAllText(Path.Combine(ContractFiles.Samples, sample))
        );
}
