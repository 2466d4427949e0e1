using System.Text.Json;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Engine.Tests.Requests;

public sealed class RequestResolverTests
{
    private static readonly RequestResolver s_resolver = new(
        ScenarioFamilies.All,
        new RequestLimits
        {
            MaxMarkets = 2,
            MaxPaths = 1000,
            MaxCells = 20_000,
        }
    );

    internal static ScenarioRequest Good() =>
        new()
        {
            Name = "GOOD_30D",
            Category = "BOOTSTRAP",
            HorizonDays = 10,
            NumPaths = 100,
            Markets = ["US_EQ"],
            AsOfDate = new DateOnly(2022, 12, 28),
            GeneratorSpec = Json("""{"block_length":5}"""),
            Tags = ["B", "A"],
        };

    public static TheoryData<string, string, string> Absurd() =>
        new()
        {
            { """{"Name":null}""", ErrorCodes.Missing, "name" },
            { """{"Name":"two words"}""", ErrorCodes.OutOfRange, "name" },
            { """{"Name":"ends in a line\n"}""", ErrorCodes.OutOfRange, "name" },
            { """{"Name":"LINE\n"}""", ErrorCodes.OutOfRange, "name" },
            { """{"Category":null}""", ErrorCodes.Missing, "category" },
            { """{"Category":"BOOTSTRAPP"}""", ErrorCodes.UnknownValue, "category" },
            { """{"HorizonDays":null}""", ErrorCodes.Missing, "horizon_days" },
            { """{"HorizonDays":0}""", ErrorCodes.OutOfRange, "horizon_days" },
            { """{"HorizonDays":61}""", ErrorCodes.OutOfRange, "horizon_days" },
            { """{"NumPaths":null}""", ErrorCodes.Missing, "num_paths" },
            { """{"NumPaths":0}""", ErrorCodes.OutOfRange, "num_paths" },
            { """{"NumPaths":1001}""", ErrorCodes.OutOfRange, "num_paths" },
            { """{"NumPaths":1000,"HorizonDays":60}""", ErrorCodes.OverLimit, "num_paths" },
            { """{"Markets":null}""", ErrorCodes.Missing, "markets" },
            { """{"Markets":[]}""", ErrorCodes.Missing, "markets" },
            { """{"Markets":[" "]}""", ErrorCodes.OutOfRange, "markets" },
            { """{"Markets":["A","B","C"]}""", ErrorCodes.OverLimit, "markets" },
            { """{"AsOfDate":null}""", ErrorCodes.Missing, "as_of_date" },
            { """{"BaseDateStart":"2023-01-01"}""", ErrorCodes.InvalidDates, "base_date_start" },
            { """{"BaseDateEnd":"2023-01-01"}""", ErrorCodes.InvalidDates, "base_date_end" },
            {
                """{"BaseDateStart":"2020-01-02","BaseDateEnd":"2020-01-01"}""",
                ErrorCodes.InvalidDates,
                "base_date_end"
            },
            { """{"RegimeFilter":[]}""", ErrorCodes.OutOfRange, "regime_filter" },
            { """{"Tags":[""]}""", ErrorCodes.OutOfRange, "tags" },
            { """{"GeneratorSpec":[]}""", ErrorCodes.WrongType, "generator_spec" },
            { """{"GeneratorSpec":{"seed":-1}}""", ErrorCodes.WrongType, "generator_spec.seed" },
            { """{"GeneratorSpec":{"blok_length":5}}""", ErrorCodes.UnknownKey, "generator_spec.blok_length" },
            { """{"GeneratorSpec":{"block_length":0.5}}""", ErrorCodes.OutOfRange, "generator_spec.block_length" },
            {
                """{"GeneratorSpec":{"scheme":"moving","block_length":2.5}}""",
                ErrorCodes.WrongType,
                "generator_spec.block_length"
            },
            { """{"UniverseFilter":{"sektors":["X"]}}""", ErrorCodes.UnknownKey, "universe_filter.sektors" },
        };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void An_absurd_field_is_refused_by_its_name(string change, string code, string field)
    {
        JsonElement changed = Json(change);
        var good = JsonSerializer.SerializeToNode(Good())!.AsObject();
        foreach (JsonProperty p in changed.EnumerateObject())
            good[p.Name] = JsonSerializer.SerializeToNode(p.Value);
        ScenarioRequest request = good.Deserialize<ScenarioRequest>()!;
        var refused = Assert.Throws<ScenarioRefusedException>(() => s_resolver.Resolve(request));
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((code, field), (error.Code, error.Field));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void An_empty_request_hears_of_every_missing_field_at_once() =>
        Assert.Equal(
            ["as_of_date", "category", "horizon_days", "markets", "name", "num_paths"],
            Assert
                .Throws<ScenarioRefusedException>(() => s_resolver.Resolve(new ScenarioRequest()))
                .Errors.Select(e => e.Field)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_same_question_has_one_id_however_it_is_written()
    {
        ResolvedRequest plain = s_resolver.Resolve(Good());
        foreach (
            ScenarioRequest same in new[]
            {
                Good() with
                {
                    Description = "other prose",
                },
                Good() with
                {
                    Tags = ["A", "B", "A"],
                },
                Good() with
                {
                    Markets = ["US_EQ", "US_EQ"],
                },
                Good() with
                {
                    GeneratorSpec = Json("""{ "block_length" : 5.0 }"""),
                },
            }
        )
        {
            Assert.Equal(plain.RequestId, s_resolver.Resolve(same).RequestId);
            Assert.Equal(plain.Shape.Seed, s_resolver.Resolve(same).Shape.Seed);
        }

        foreach (
            ScenarioRequest other in new[]
            {
                Good() with
                {
                    Name = "OTHER",
                },
                Good() with
                {
                    HorizonDays = 11,
                },
                Good() with
                {
                    NumPaths = 101,
                },
                Good() with
                {
                    Markets = ["EU_EQ"],
                },
                Good() with
                {
                    AsOfDate = new DateOnly(2022, 12, 27),
                },
                Good() with
                {
                    BaseDateStart = new DateOnly(2010, 1, 1),
                },
                Good() with
                {
                    Tags = ["A"],
                },
                Good() with
                {
                    GeneratorSpec = Json("""{"block_length":6}"""),
                },
                Good() with
                {
                    ForceNonce = "again",
                },
            }
        )
            Assert.NotEqual(plain.RequestId, s_resolver.Resolve(other).RequestId);
        Assert.Equal(plain.Shape.Seed, s_resolver.Resolve(Good() with { ForceNonce = "again" }).Shape.Seed);
    }

    [Fact]
    public void The_seed_is_stored_with_the_spec_and_a_given_one_is_used()
    {
        ResolvedRequest plain = s_resolver.Resolve(Good());
        Assert.Equal(plain.Shape.Seed, plain.GeneratorSpec.GetProperty("seed").GetUInt64());
        Assert.True(plain.Shape.Seed <= long.MaxValue);
        ResolvedRequest given = s_resolver.Resolve(
            Good() with
            {
                GeneratorSpec = Json("""{"seed":18446744073709551615}"""),
            }
        );
        Assert.Equal(ulong.MaxValue, given.Shape.Seed);
    }

    private static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
