using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts.Tests;

public class ContractReaderTests
{
    public static TheoryData<string, string, string> WrongTypes { get; } =
        new()
        {
            // body, field, what the sentence must say
            { """{"horizon_days":"30"}""", "horizon_days", "the string \"30\"" },
            { """{"horizon_days":30.5}""", "horizon_days", "whole number" },
            { """{"num_paths":5000000000}""", "num_paths", "32 bits" },
            { """{"name":7}""", "name", "a string is expected" },
            { """{"markets":"US_EQ"}""", "markets", "an array is expected" },
            { """{"markets":["US_EQ",5]}""", "markets[1]", "the number 5" },
            { """{"markets":[null]}""", "markets[0]", "null" },
            { """{"as_of_date":"31.03.2025"}""", "as_of_date", "yyyy-MM-dd" },
            { """{"as_of_date":"2025-02-30"}""", "as_of_date", "yyyy-MM-dd" },
            { """{"as_of_date":20250331}""", "as_of_date", "calendar date" },
            { """{"force_new_version":"yes"}""", "force_new_version", "true or false" },
            { """{"generator_spec":"stationary"}""", "generator_spec", "an object is expected" },
            { """{"generator_spec":{"a":[1,1e400]}}""", "generator_spec.a[1]", "range of a double" },
            { """{"universe_filter":[1]}""", "universe_filter", "an object is expected" },
            { """{"policy":{"name":"p","version":"3","hash":"h"}}""", "policy.version", "the string \"3\"" },
        };

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public void Wrong_type_is_refused_and_its_field_named(string body, string field, string says)
    {
        ContractReading<GenerateScenarioSet> reading = Read<GenerateScenarioSet>(body);
        Assert.False(reading.Ok);
        GenerationError error = Assert.Single(reading.Errors);
        Assert.Equal(ReadErrorCodes.WrongType, error.Code);
        Assert.Equal(field, error.Field);
        Assert.Contains(says, error.Message);
        Assert.StartsWith(field, error.Message);
    }

    [Fact]
    public void All_wrong_members_are_reported_at_once_and_the_rest_is_read()
    {
        ContractReading<FragilityComputed> reading = Read<FragilityComputed>(
            """
            {"market_id":"US_EQ","as_of_date":"yesterday","model_id":12,"region":"US","top_targets":[
              {"entity_type":"ISSUER","entity_id":"A","soft_target_score":"high","components":{"x":0.5,"y":"?"}}, 3]}
            """
        );
        Assert.Equal(
            [
                "as_of_date",
                "model_id",
                "top_targets[0].soft_target_score",
                "top_targets[0].components.y",
                "top_targets[1]",
            ],
            reading.Errors.Select(e => e.Field)
        );
        FragilityComputed message = reading.Message!;
        Assert.Equal("US_EQ", message.MarketId);
        Assert.Null(message.AsOfDate);
        Assert.Null(message.ModelId);
        FragileTarget target = Assert.Single(message.TopTargets!);
        Assert.Equal("A", target.EntityId);
        Assert.Null(target.SoftTargetScore);
        Assert.Equal(["x"], target.Components!.Keys);
    }

    [Fact]
    public void A_missing_or_null_member_of_an_inbound_message_is_left_to_the_validation()
    {
        ContractReading<GenerateScenarioSet> reading = Read<GenerateScenarioSet>("""{"name":null}""");
        Assert.True(reading.Ok);
        Assert.Equal(new GenerateScenarioSet(), reading.Message);
        Assert.Equal("{}", Encoding.UTF8.GetString(ContractJson.Write(reading.Message!)));
    }

    [Fact]
    public void Every_member_of_every_strict_message_is_missed_by_name()
    {
        foreach (ContractName c in ContractNames.All.Where(c => c.Direction != ContractDirection.Inbound))
        {
            string file = ContractFiles.SamplesOf(c).First();
            foreach (JsonNode? required in ContractFiles.SchemaNode(c.SchemaFile)["required"]!.AsArray())
            {
                string name = required!.GetValue<string>();
                JsonObject body = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                body.Remove(name);
                var check = new TypeCheckProbe(body, c.Type);
                Assert.False(check.Accepted);
                Assert.Equal((ReadErrorCodes.Missing, name), (check.Error.Code, check.Error.Field));
                body[name] = null;
                check = new TypeCheckProbe(body, c.Type);
                Assert.False(check.Accepted);
                Assert.Equal((ReadErrorCodes.WrongType, name), (check.Error.Code, check.Error.Field));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"name":"x","horizon_days":3""")]
    [InlineData("""{"name":"x"} trailing""")]
    [InlineData("""{"name":"x","name":"y"}""")]
    [InlineData("""{"soft_target_score":NaN}""")]
    [InlineData("<xml/>")]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"generator_spec":{"a":["\ud800"]}}""")]
    public void What_is_not_JSON_is_called_so(string body)
    {
        ContractReading<GenerateScenarioSet> reading = Read<GenerateScenarioSet>(body);
        Assert.Null(reading.Message);
        Assert.Equal(ReadErrorCodes.MalformedJson, Assert.Single(reading.Errors).Code);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_and_bottomless_nesting_are_malformed()
    {
        byte[] latin = Encoding.Latin1.GetBytes("""{"name":"é"}""");
        Assert.Equal(
            ReadErrorCodes.MalformedJson,
            ContractReader.Read<GenerateScenarioSet>(latin).Errors.Single().Code
        );
        string deep = """{"generator_spec":""" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.Equal(ReadErrorCodes.MalformedJson, Read<GenerateScenarioSet>(deep).Errors.Single().Code);
    }

    [Theory]
    [InlineData("[]", "the array []")]
    [InlineData("null", "null")]
    [InlineData("\"text\"", "the string")]
    public void A_body_that_is_no_object_is_refused(string body, string says)
    {
        ContractReading<MonthlyRefreshDue> reading = Read<MonthlyRefreshDue>(body);
        Assert.Null(reading.Message);
        GenerationError error = Assert.Single(reading.Errors);
        Assert.Equal("", error.Field);
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void Byte_order_mark_and_unknown_members_do_no_harm()
    {
        ContractReading<MonthlyRefreshDue> reading = Read<MonthlyRefreshDue>(
            "\uFEFF" + """{"market_id":"US_EQ","Month":"2025-01","extra":{"a":[1,{}]},"month":"2025-03"}"""
        );
        Assert.True(reading.Ok);
        Assert.Equal(new MonthlyRefreshDue { MarketId = "US_EQ", Month = "2025-03" }, reading.Message);
    }

    [Fact]
    public void Every_sample_reads_without_complaint()
    {
        foreach (ContractName c in ContractNames.All)
        {
            foreach (string file in ContractFiles.SamplesOf(c))
                Assert.True(new TypeCheckProbe(JsonNode.Parse(File.ReadAllText(file))!, c.Type).Accepted, file);
        }
    }

    [Theory]
    [InlineData("2025-04-01T02:10:05Z", "2025-04-01T02:10:05Z")]
    [InlineData("2025-04-01T04:10:05.5+02:00", "2025-04-01T02:10:05.5Z")]
    [InlineData("2025-03-31T21:10:05.1234567-05:00", "2025-04-01T02:10:05.1234567Z")]
    public void Instants_are_written_in_UTC_whatever_offset_they_came_with(string given, string written)
    {
        JsonObject body = Progress();
        body["occurred_at"] = given;
        ContractReading<ScenarioSetProgressed> reading = Read<ScenarioSetProgressed>(body.ToJsonString());
        using JsonDocument again = JsonDocument.Parse(ContractJson.Write(reading.Message!));
        Assert.Equal(written, again.RootElement.GetProperty("occurred_at").GetString());
    }

    [Theory]
    [InlineData("2025-04-01T02:10:05")]
    [InlineData("2025-04-01")]
    [InlineData("yesterday")]
    public void Instant_without_an_offset_is_refused(string given)
    {
        JsonObject body = Progress();
        body["occurred_at"] = given;
        ContractReading<ScenarioSetProgressed> reading = Read<ScenarioSetProgressed>(body.ToJsonString());
        Assert.Equal("occurred_at", Assert.Single(reading.Errors).Field);
        Assert.Null(reading.Message);
    }

    private static JsonObject Progress() =>
        JsonNode
            .Parse(File.ReadAllText(ContractFiles.SamplesOf(ContractNames.Of<ScenarioSetProgressed>()).First()))!
            .AsObject();

    private static ContractReading<T> Read<T>(string body)
        where T : class => ContractReader.Read<T>(Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a body as a type that is known only at run time.</summary>
    private sealed class TypeCheckProbe
    {
        public TypeCheckProbe(JsonNode body, Type type)
        {
            object reading = typeof(TypeCheckProbe)
                .GetMethod(
                    nameof(ReadAs),
                    System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static
                )!
                .MakeGenericMethod(type)
                .Invoke(null, [body.ToJsonString()])!;
            (Accepted, Errors) = ((bool, IReadOnlyList<GenerationError>))reading;
        }

        public bool Accepted { get; }

        public GenerationError Error => Assert.Single(Errors);

        private IReadOnlyList<GenerationError> Errors { get; }

        private static (bool, IReadOnlyList<GenerationError>) ReadAs<T>(string body)
            where T : class
        {
            ContractReading<T> reading = Read<T>(body);
            Assert.Equal(reading.Ok, reading.Message is not null);
            return (reading.Ok, reading.Errors);
        }
    }
}
