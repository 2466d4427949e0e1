using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b": 1, "a": [ true, null ] }""", """{"a":[true,null],"b":1}""")]
    [InlineData("""{"a":null,"b":{}}""", """{"b":{}}""")]
    [InlineData("[1.0,1e0,-0.0,0.10,1E-7]", "[1,1,0,0.1,1E-07]")]
    [InlineData("[1e15,1000000000000000]", "[1000000000000000,1000000000000000]")]
    [InlineData("[1e18,1000000000000000000]", "[1000000000000000000,1000000000000000000]")]
    [InlineData("[1e20,100000000000000000000]", "[1E+20,1E+20]")]
    [InlineData("[18446744073709551615,-9223372036854775808]", "[18446744073709551615,-9223372036854775808]")]
    public void One_text_for_one_value(string given, string canonical) => Assert.Equal(canonical, Canonical(given));

    [Theory]
    [InlineData("""{"x":[0.1,{"z":1,"a":"é"}],"b":1e300}""")]
    public void Canonical_text_is_its_own_canonical_text(string given) =>
        Assert.Equal(Canonical(given), Canonical(Canonical(given)));

    private static string Canonical(string json) => CanonicalJson.Text(JsonSerializer.Deserialize<JsonElement>(json));
}

public sealed class SpecReaderTests
{
    [Fact]
    public void All_errors_come_at_once_by_full_path_and_with_the_nearest_word()
    {
        SpecReader reader = Of(
            """{"blok_length":5,"scheme":"stationery","n":1.5,"far":99,"inner":{"d":"31.12.2020"},"list":[{"x":true}]}"""
        );
        reader.Choice("scheme", "stationary", "stationary", "moving");
        reader.Number("block_length", 10, 1, 100);
        reader.Integer("n", 1, 0, 10);
        reader.Number("far", 0, 0, 1);
        reader.OptionalObject("inner")!.OptionalDate("d");
        reader.Objects("list")[0].Number("x", 0, 0, 1);
        reader.Finish();

        var refused = Assert.Throws<ScenarioRefusedException>(reader.ThrowIfRefused);
        Assert.Equal(
            [
                (ErrorCodes.UnknownValue, "generator_spec.scheme"),
                (ErrorCodes.WrongType, "generator_spec.n"),
                (ErrorCodes.OutOfRange, "generator_spec.far"),
                (ErrorCodes.WrongType, "generator_spec.inner.d"),
                (ErrorCodes.WrongType, "generator_spec.list[0].x"),
                (ErrorCodes.UnknownKey, "generator_spec.blok_length"),
            ],
            refused.Errors.Select(e => (e.Code, e.Field))
        );
        Assert.Contains("did you mean 'stationary'?", refused.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'block_length'?", refused.Errors[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", ErrorCodes.WrongType, "generator_spec")]
    [InlineData("""{"a":1,"a":2}""", ErrorCodes.Conflict, "generator_spec.a")]
    public void What_is_no_object_or_is_said_twice_is_refused(string json, string code, string field)
    {
        SpecReader reader = Of(json);
        reader.Has("a");
        reader.Finish();
        Assert.Contains(reader.Errors, e => e.Code == code && e.Field == field);
    }

    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void All_64_bits_of_a_seed_are_read(string text, ulong seed) =>
        Assert.Equal(seed, Of($$"""{"seed":{{text}}}""").OptionalSeed("seed"));

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("18446744073709551616")]
    [InlineData("\"7\"")]
    public void What_is_no_seed_is_refused(string text)
    {
        SpecReader reader = Of($$"""{"seed":{{text}}}""");
        Assert.Null(reader.OptionalSeed("seed"));
        Assert.Equal("generator_spec.seed", Assert.Single(reader.Errors).Field);
    }

    [Fact]
    public void Nothing_near_suggests_nothing() =>
        Assert.Equal(string.Empty, Spelling.Suggest("volcano", ["scheme", "seed"]));

    private static SpecReader Of(string json) => new("generator_spec", JsonSerializer.Deserialize<JsonElement>(json));
}
