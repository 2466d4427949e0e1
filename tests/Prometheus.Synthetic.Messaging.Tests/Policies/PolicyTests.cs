using System.Text.Json;
using NJsonSchema;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Messaging.Consumers;
using Prometheus.Synthetic.Messaging.Policies;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Messaging.Tests.Policies;

public class PolicyTests
{
    private static readonly PolicyCheck Check = new(new RequestResolver(ScenarioFamilies.All, new RequestLimits()));
    private static readonly string Folder = Repository.PathOf("infra/policies");

    private const string Good = """
        policy: xx
        version: 1
        market: XX_EQ
        monthly:
          - part: b
            name: "{market}_B_{horizon}D"
            category: BOOTSTRAP
            horizon_days: 10
            num_paths: 5
            generator_spec: { block_length: 5 }
        """;

    [Fact]
    public void Ready_made_policies_cover_three_markets_and_pass()
    {
        PolicyLibrary library = PolicyLibrary.Load(Folder, Check);
        Assert.Equal(["EU_EQ", "FX_GLOB", "US_EQ"], library.All.Select(p => p.Market));
        string[] monthly = ["BOOTSTRAP", "FACTOR_BOOTSTRAP", "HISTORICAL", "REGULATORY"];
        Assert.All(
            library.All,
            p =>
            {
                Assert.Equal(monthly, p.Monthly.Select(m => m.Category).Distinct().Order(StringComparer.Ordinal));
                Assert.Equal([3.0, 5.0], p.Fragility.Select(f => f.Targets!.Severity));
            }
        );
    }

    [Fact]
    public async Task Ready_made_policies_follow_the_schema_that_editors_use()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(
            Path.Combine(Folder, "policy.schema.json"),
            TestContext.Current.CancellationToken
        );
        foreach (string file in Directory.GetFiles(Folder, "*.yaml"))
            Assert.Empty(schema.Validate(PolicyFile.ToJson(File.ReadAllText(file)).GetRawText()));
        Assert.NotEmpty(schema.Validate("""{"policy":"x","version":0,"market":"X"}"""));
    }

    [Fact]
    public void The_hash_follows_the_content_and_not_its_layout()
    {
        RefreshPolicy one = Read(Good);
        Assert.Equal(
            one.Hash,
            Read("# a remark\n" + Good.Replace("{ block_length: 5 }", "\n      block_length: 5")).Hash
        );
        Assert.NotEqual(one.Hash, Read(Good.Replace("num_paths: 5", "num_paths: 6")).Hash);
    }

    [Theory]
    [InlineData("version: 1", "version: 0", "version")]
    [InlineData("market: XX_EQ", "markt: XX_EQ", "markt")]
    [InlineData("part: b", "part: B!", "monthly[0].part")]
    [InlineData("{horizon}", "{horison}", "monthly[0].name")]
    [InlineData("num_paths: 5", "num_paths: many", "monthly[0].num_paths")]
    [InlineData("policy: xx", "policy: [", "")]
    public void What_is_wrong_is_refused_by_field(string good, string bad, string field)
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() => Read(Good.Replace(good, bad)));
        Assert.Contains(refused.Errors, e => e.Field == field);
    }

    [Fact]
    public void A_family_that_is_not_built_in_is_refused_by_name()
    {
        var check = new PolicyCheck(new RequestResolver(new ScenarioFamilies(), new RequestLimits()));
        FieldError error = Assert.Single(check.Errors(Read(Good)));
        Assert.Equal((ErrorCodes.UnknownFamily, "monthly.b.category"), (error.Code, error.Field));
        Assert.Contains("BOOTSTRAP", error.Message);
    }

    [Fact]
    public void A_wrong_generator_spec_is_found_by_the_check_and_not_by_the_first_refresh()
    {
        FieldError error = Assert.Single(Check.Errors(Read(Good.Replace("block_length: 5", "blok_length: 5"))));
        Assert.Equal("monthly.b.generator_spec.blok_length", error.Field);
    }

    [Fact]
    public void A_fragility_part_makes_one_set_per_severity_and_carries_the_event_s_targets()
    {
        RefreshPolicy policy = Read(
            Good
                + """

                fragility:
                  - part: adv
                    name: "{market}_ADV_R{severity}"
                    horizon_days: 20
                    num_paths: 50
                    targets: { top_k: 5, min_score: 0.6 }
                    severity: [2, 3.5]
                    templates: [SOVEREIGN_SQUEEZE]
                """
        );
        Assert.Equal(["adv-r2", "adv-r3-5"], policy.Fragility.Select(p => p.Part));
        var target = new FragileTarget
        {
            EntityType = "ISSUER",
            EntityId = "I1",
            SoftTargetScore = 0.9,
        };
        var occasion = new RefreshOccasion("XX_EQ", new DateOnly(2025, 3, 31), ModelId: "m", Targets: [target]);
        GenerateScenarioSet request = PolicyRequests.For(policy, policy.Fragility[1], occasion);
        Assert.Equal("XX_EQ_ADV_R3.5", request.Name);
        Assert.Contains(ContractTags.DefensiveTest, request.Tags!);
        JsonElement spec = request.GeneratorSpec!.Value;
        Assert.Equal(3.5, spec.GetProperty("radius").GetDouble());
        Assert.Equal(5, spec.GetProperty("top_k").GetInt32());
        Assert.Equal("I1", spec.GetProperty("targets")[0].GetProperty("entity_id").GetString());
        Assert.Equal("SOVEREIGN_SQUEEZE", spec.GetProperty("templates")[0].GetString());
    }

    [Fact]
    public void The_definition_tag_changes_with_the_definition_alone()
    {
        var resolver = new RequestResolver(ScenarioFamilies.All, new RequestLimits());
        string Tag(string yaml, DateOnly asOf)
        {
            RefreshPolicy policy = Read(yaml);
            GenerateScenarioSet request = PolicyRequests.For(policy, policy.Monthly[0], new("XX_EQ", asOf));
            ResolvedRequest resolved = resolver.Resolve(Requests.ToEngine(request, Guid.Empty));
            return PolicyRequests.DefinitionOf(policy.Monthly[0], resolved.GeneratorSpec);
        }

        var march = new DateOnly(2025, 3, 31);
        string regulatory = Good + "\n    refresh: when-definition-changed\n";
        string tag = Tag(regulatory, march);
        Assert.Equal(tag, Tag(regulatory.Replace("version: 1", "version: 2"), march));
        Assert.Equal(tag, Tag(regulatory, march.AddMonths(1)));
        Assert.NotEqual(tag, Tag(regulatory.Replace("block_length: 5", "block_length: 6"), march));
        Assert.NotEqual(tag, Tag(regulatory.Replace("block_length: 5", "block_length: 5, seed: 7"), march));
    }

    [Fact]
    public void A_new_version_of_a_named_definition_is_a_change_though_the_part_names_it_as_before()
    {
        PolicyPart part = Read(Good).Monthly[0];
        static JsonElement Resolved(int version) =>
            JsonSerializer.SerializeToElement(new { definition = new { name = "D", version }, seed = 1 });
        Assert.NotEqual(PolicyRequests.DefinitionOf(part, Resolved(1)), PolicyRequests.DefinitionOf(part, Resolved(2)));
    }

    private static RefreshPolicy Read(string yaml) => PolicyReader.Read(PolicyFile.ToJson(yaml));
}
