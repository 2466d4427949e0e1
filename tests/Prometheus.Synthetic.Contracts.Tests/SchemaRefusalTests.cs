using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>A publisher that checks its message against the schema learns of absurd values before it sends them.</summary>
public class SchemaRefusalTests
{
    public static TheoryData<string, string, string, string> Absurd { get; } =
        new()
        {
            // sample, path of the member, value put there, path that the violation must name
            { "generate-scenario-set/v1-full", "horizon_days", "0", "#/horizon_days" },
            { "generate-scenario-set/v1-full", "horizon_days", "61", "#/horizon_days" },
            { "generate-scenario-set/v1-full", "horizon_days", "30.5", "#/horizon_days" },
            { "generate-scenario-set/v1-full", "horizon_days", "\"30\"", "#/horizon_days" },
            { "generate-scenario-set/v1-full", "num_paths", "0", "#/num_paths" },
            { "generate-scenario-set/v1-full", "num_paths", "null", "#/num_paths" },
            { "generate-scenario-set/v1-full", "category", "\"bootstrap\"", "#/category" },
            { "generate-scenario-set/v1-full", "markets", "[]", "#/markets" },
            { "generate-scenario-set/v1-full", "markets", "[\"\"]", "#/markets[0]" },
            { "generate-scenario-set/v1-full", "markets", "\"US_EQ\"", "#/markets" },
            { "generate-scenario-set/v1-full", "name", "\"\"", "#/name" },
            { "generate-scenario-set/v1-full", "as_of_date", "\"31.03.2025\"", "#/as_of_date" },
            { "generate-scenario-set/v1-full", "as_of_date", "\"2025-02-30\"", "#/as_of_date" },
            { "generate-scenario-set/v1-full", "generator_spec", "[1]", "#/generator_spec" },
            { "generate-scenario-set/v1-full", "policy.version", "0", "#/policy.version" },
            { "monthly-refresh-due/v1-full", "month", "\"2025-13\"", "#/month" },
            { "monthly-refresh-due/v1-full", "month", "\"2025-3\"", "#/month" },
            { "monthly-refresh-due/v1-full", "market_id", "7", "#/market_id" },
            {
                "fragility-computed/v1-full",
                "top_targets.0.soft_target_score",
                "1.01",
                "#/top_targets[0].soft_target_score"
            },
            {
                "fragility-computed/v1-full",
                "top_targets.0.soft_target_score",
                "-0.01",
                "#/top_targets[0].soft_target_score"
            },
            { "fragility-computed/v1-full", "top_targets.1.entity_type", "\"BANK\"", "#/top_targets[1].entity_type" },
            { "scenario-set-generated/v1-full", "content_hash", "\"9f2c\"", "#/content_hash" },
            { "scenario-set-generated/v1-full", "sealed_at", "\"2025-04-01T02:10:05\"", "#/sealed_at" },
            { "scenario-set-generated/v1-full", "version", "0", "#/version" },
            { "scenario-set-generation-failed/v1-failed", "errors", "[]", "#/errors" },
            { "scenario-set-generation-failed/v1-failed", "state", "\"BROKEN\"", "#/state" },
            { "start-scenario-set-generation/v1-full", "request.horizon_days", "61", "#/request.horizon_days" },
            { "start-scenario-set-generation/v1-full", "lane", "\"fast\"", "#/lane" },
        };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void Absurd_value_is_refused_by_name(string sample, string member, string value, string named)
    {
        IReadOnlyList<string> violations = Violations(sample, member, value);
        Assert.Contains(violations, v => v.StartsWith(named + " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("generate-scenario-set", "tags", "[]")]
    [InlineData("generate-scenario-set", "tags", "[\"adversarial\"]")]
    [InlineData("generate-scenario-set", "tags", "null")]
    [InlineData("generate-scenario-set", "tags", null)]
    [InlineData("scenario-set-generated", "defensive_test", "false")]
    [InlineData("scenario-set-generated", "tags", "[\"adversarial\"]")]
    public void Adversarial_set_without_the_defensive_marking_is_refused(string contract, string member, string? value)
    {
        string sample = contract + "/v1-fragility-adversarial";
        Assert.NotEmpty(Violations(sample, member, value));
        Assert.Empty(Violations(sample, "tags", "[\"one\",\"DEFENSIVE_TEST\",\"two\"]"));
    }

    [Fact]
    public void A_request_needs_an_as_of_date_or_the_end_of_its_window()
    {
        Assert.NotEmpty(Violations("generate-scenario-set/v1-minimal", "as_of_date", null));
        Assert.NotEmpty(Violations("generate-scenario-set/v1-minimal", "as_of_date", "null"));
        Assert.Empty(Violations("generate-scenario-set/v1-full", "as_of_date", null));
        Assert.Empty(Violations("generate-scenario-set/v1-full", "base_date_end", null));
    }

    [Fact]
    public void Optional_members_of_inbound_messages_may_be_null()
    {
        foreach (ContractName c in ContractNames.All.Where(c => c.Direction == ContractDirection.Inbound))
        {
            JsonObject schema = ContractFiles.SchemaNode(c.SchemaFile);
            HashSet<string> required = [.. schema["required"]!.AsArray().Select(r => r!.GetValue<string>())];
            foreach ((string member, _) in schema["properties"]!.AsObject())
            {
                bool refused = Violations(c.Name + "/v1-full", member, "null").Count > 0;
                Assert.True(refused == required.Contains(member), $"{c.Name}.{member} = null");
            }
        }
    }

    private static IReadOnlyList<string> Violations(string sample, string member, string? value)
    {
        ContractName contract = ContractNames.All.Single(c => c.Name == sample.Split('/')[0]);
        JsonNode body = JsonNode.Parse(File.ReadAllText(Path.Combine(ContractFiles.Samples, sample + ".json")))!;
        string[] steps = member.Split('.');
        JsonNode at = body;
        foreach (string step in steps[..^1])
            at = at is JsonArray a ? a[int.Parse(step)]! : at[step]!;
        if (value is null)
            at.AsObject().Remove(steps[^1]);
        else
            at[steps[^1]] = JsonNode.Parse(value);
        return ContractFiles.Violations(contract, body.ToJsonString());
    }
}
