using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts.Tests;

public class NaturalKeyTests
{
    private static readonly Guid DnsNamespace = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    [Fact]
    public void Version_5_gives_the_known_answer_of_RFC_9562()
    {
        // RFC 9562, appendix A.4.
        Guid id = NaturalKeys.Version5(DnsNamespace, "www.example.com"u8);
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), id);
    }

    // The ids below were computed with Python's uuid.uuid5 over json.dumps(sort_keys=True, separators=(",", ":")).
    [Fact]
    public void Ids_are_those_that_a_publisher_in_Python_computes()
    {
        Assert.Equal(
            new Guid("f964d8a4-d3c5-53e2-8d9e-11975f95502c"),
            NaturalKeys.MessageId(new MonthlyRefreshDue { MarketId = "US_EQ", Month = "2025-03" })
        );
        Assert.Equal(
            new Guid("103e1a89-f827-5e91-9de6-bf446be763b8"),
            NaturalKeys.MessageId(Sample<FragilityComputed>("full"))
        );
        Assert.Equal(
            new Guid("8c3beeda-fd02-57b6-b96f-8fcbba00dfe5"),
            NaturalKeys.MessageId(Sample<GenerateScenarioSet>("minimal"))
        );
        Assert.Equal(
            new Guid("ee3398b7-32b2-5776-9e55-539bed427d72"),
            NaturalKeys.MessageId(Sample<GenerateScenarioSet>("full"))
        );
    }

    [Fact]
    public void Only_the_natural_key_of_an_event_counts()
    {
        FragilityComputed full = Sample<FragilityComputed>("full");
        Guid id = NaturalKeys.MessageId(full);
        Assert.Equal(id, NaturalKeys.MessageId(full with { TopTargets = null, Region = "GLOBAL" }));
        Assert.NotEqual(id, NaturalKeys.MessageId(full with { MarketId = "EU_EQ" }));
        Assert.NotEqual(id, NaturalKeys.MessageId(full with { AsOfDate = new DateOnly(2025, 4, 1) }));
        Assert.NotEqual(id, NaturalKeys.MessageId(full with { ModelId = "fragility_v2.2" }));

        MonthlyRefreshDue month = Sample<MonthlyRefreshDue>("full");
        id = NaturalKeys.MessageId(month);
        Assert.Equal(id, NaturalKeys.MessageId(month with { AsOfDate = null, ForceNewVersion = null }));
        Assert.NotEqual(id, NaturalKeys.MessageId(month with { Month = "2025-04" }));
        Assert.NotEqual(id, NaturalKeys.MessageId(month with { MarketId = "US_EQ" }));
    }

    [Fact]
    public void Every_member_of_a_request_counts_but_not_how_it_was_written()
    {
        const string Body =
            """{"name":"A","markets":["US_EQ"],"horizon_days":30,"generator_spec":{"b":2,"a":1.50,"c":"é/<"}}""";
        const string SameThing = """
            { "generator_spec" : { "a":15e-1, "c":"\u00e9\/\u003c", "b":2.0 }, "unknown":1, "tags":null,
              "horizon_days":30, "name":"\u0041", "markets":["US_EQ"] }
            """;
        Guid id = NaturalKeys.MessageId(Read(Body));
        Assert.Equal(id, NaturalKeys.MessageId(Read(SameThing)));
        foreach (string other in (string[])["\"A\"|\"B\"", "30|31", "1.50|1.51", "[\"US_EQ\"]|[\"US_EQ\",\"EU_EQ\"]"])
        {
            string[] change = other.Split('|');
            Assert.NotEqual(id, NaturalKeys.MessageId(Read(Body.Replace(change[0], change[1]))));
        }
    }

    [Fact]
    public void Text_in_one_part_of_a_key_cannot_pass_for_two_parts()
    {
        Guid a = NaturalKeys.MessageId(new MonthlyRefreshDue { MarketId = "US\",\"EQ", Month = "2025-03" });
        Guid b = NaturalKeys.MessageId(new MonthlyRefreshDue { MarketId = "US", Month = "EQ\",\"2025-03" });
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void Broken_messages_without_their_key_are_told_apart_by_what_they_hold()
    {
        Guid one = NaturalKeys.MessageId(
            new MonthlyRefreshDue { MarketId = "US_EQ", AsOfDate = new DateOnly(2025, 3, 31) }
        );
        Assert.Equal(new Guid("cbc35e07-9ef1-5da0-9f09-ef10fb5a458f"), one);
        Assert.NotEqual(one, NaturalKeys.MessageId(new MonthlyRefreshDue { MarketId = "US_EQ" }));
        Assert.NotEqual(NaturalKeys.MessageId(new MonthlyRefreshDue()), NaturalKeys.MessageId(new FragilityComputed()));
    }

    private static GenerateScenarioSet Read(string body) =>
        ContractReader.Read<GenerateScenarioSet>(Encoding.UTF8.GetBytes(body)).Message!;

    private static T Sample<T>(string name)
    {
        string file = Path.Combine(ContractFiles.Samples, ContractNames.Of<T>().Name, $"v1-{name}.json");
        return JsonSerializer.Deserialize<T>(File.ReadAllText(file), ContractJson.Options)!;
    }
}
