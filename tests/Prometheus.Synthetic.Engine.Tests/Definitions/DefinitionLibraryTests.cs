using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Engine.Tests.Definitions;

public sealed class DefinitionLibraryTests
{
    private const string Yaml = """
        kind: regulatory
        name: MINE
        version: 1
        title: My own
        source: hand-set
        start_quarter: 2024Q4
        series:
          - { id: MARKET, unit: index, start: 100, interpolation: log, market: true, values: { 2025Q1: 80 } }
        """;

    [Fact]
    public void Everything_shipped_is_sound_and_the_named_crises_are_there()
    {
        DefinitionLibrary library = DefinitionLibrary.Load(null);
        string[] names = [.. library.All.Select(d => d.Name)];
        Assert.Superset(
            new HashSet<string>
            {
                "STANDARD",
                "FED_2025_SEVERELY_ADVERSE",
                "EBA_2025_LIKE_ADVERSE",
                "BLACK_MONDAY_1987",
                "ASIA_1997",
                "RUSSIA_LTCM_1998",
                "GFC_2008",
                "EURO_PERIPHERY_2011",
                "COVID_2020",
                "RATES_2022",
                "REGIONAL_BANKS_2023",
            },
            names.ToHashSet()
        );
    }

    [Fact]
    public void The_hash_follows_the_content_and_not_the_way_it_is_written()
    {
        string reordered = string.Join(
            '\n',
            Yaml.Split('\n').OrderBy(l => l.StartsWith("version", StringComparison.Ordinal) ? 0 : 1)
        );
        Assert.Equal(DefinitionFile.Read(Yaml, "a").Hash, DefinitionFile.Read(reordered, "b").Hash);
        Assert.NotEqual(
            DefinitionFile.Read(Yaml, "a").Hash,
            DefinitionFile.Read(Yaml.Replace("80", "81", StringComparison.Ordinal), "a").Hash
        );
    }

    [Fact]
    public void An_unchanged_definition_is_the_same_request_and_a_changed_one_another()
    {
        Guid first = Resolve(Yaml).RequestId;
        Assert.Equal(
            first,
            Resolve(Yaml.Replace("title: My own", "title: 'My own'", StringComparison.Ordinal)).RequestId
        );
        Assert.NotEqual(first, Resolve(Yaml.Replace("80", "79", StringComparison.Ordinal)).RequestId);
    }

    [Theory]
    [InlineData("kind: regulatry", "a.kind", ErrorCodes.UnknownValue)]
    [InlineData("kind: [", "a", ErrorCodes.WrongType)]
    [InlineData("- 1", "a", ErrorCodes.WrongType)]
    public void A_file_that_is_none_is_refused(string yaml, string field, string code)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            DefinitionFile.Read(yaml, "a")
        );
        Assert.Contains(refused.Errors, e => e.Field == field && e.Code == code);
    }

    [Fact]
    public void Two_files_of_one_name_and_version_are_refused_and_an_own_file_wins_over_a_shipped_one()
    {
        Assert.Throws<ScenarioRefusedException>(() => new DefinitionLibrary([("a", Yaml), ("b", Yaml)], []));
        string own = Yaml.Replace("80", "70", StringComparison.Ordinal);
        var library = new DefinitionLibrary([("a", Yaml)], [("b", own)]);
        Assert.Equal("b", Assert.Single(library.All).Origin);
        Assert.Throws<ScenarioRefusedException>(() => library.Find("MINE@2", DefinitionKinds.All, "f"));
        Assert.Throws<ScenarioRefusedException>(() => library.Find("MINES", DefinitionKinds.All, "f"));
    }

    [Fact]
    public void Adversarial_sets_are_marked_whatever_the_request_says()
    {
        var resolver = new RequestResolver(ScenarioFamilies.All, new RequestLimits());
        ScenarioRequest request = Requests.RequestResolverTests.Good() with
        {
            Name = "PLAIN",
            Category = ScenarioCategory.FragilityAdversarial,
            GeneratorSpec = null,
        };
        ResolvedRequest resolved = resolver.Resolve(request);
        Assert.Equal("PLAIN_DEFENSIVE_TEST", resolved.Name);
        Assert.True(resolved.DefensiveTest);
        Assert.Contains(RequestResolver.DefensiveTag, resolved.Tags);
        Assert.Equal("STANDARD", resolved.GeneratorSpec.GetProperty("threat_model").GetProperty("name").GetString());
        foreach (
            ScenarioRequest stripped in new[]
            {
                request with
                {
                    Tags = ["NOT_DEFENSIVE"],
                },
                request with
                {
                    GeneratorSpec = JsonSerializer.SerializeToElement(new { defensive_test = false }),
                },
            }
        )
            Assert.Contains(
                Assert.Throws<ScenarioRefusedException>(() => resolver.Resolve(stripped)).Errors,
                e => e.Code == ErrorCodes.DefensiveMarking
            );

        // What is laid over an adversarial baseline stays one.
        Assert.True(
            resolver
                .Resolve(
                    request with
                    {
                        Category = ScenarioCategory.ShockOverlay,
                        GeneratorSpec = JsonSerializer.SerializeToElement(
                            JsonNode.Parse(
                                """{"baseline":{"category":"FRAGILITY_ADVERSARIAL"},"overlays":[{"type":"CRASH_GAP"}]}"""
                            )
                        ),
                    }
                )
                .DefensiveTest
        );
    }

    private static ResolvedRequest Resolve(string yaml) =>
        new RequestResolver(
            ScenarioFamilies.All,
            new RequestLimits(),
            new SpecReferences(new DefinitionLibrary([("mine.yaml", yaml)], []))
        ).Resolve(
            Requests.RequestResolverTests.Good() with
            {
                Category = ScenarioCategory.Regulatory,
                GeneratorSpec = JsonSerializer.SerializeToElement(new { definition = "MINE" }),
            }
        );
}
