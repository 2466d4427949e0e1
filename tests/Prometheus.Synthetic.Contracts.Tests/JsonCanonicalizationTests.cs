using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>Published answers of RFC 8785.</summary>
public class JsonCanonicalizationTests
{
    /// <summary>RFC 8785, appendix B: the bits of a double and its canonical text.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers(string bits, string text)
    {
        double number = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber));
        using JsonDocument json = JsonDocument.Parse(number.ToString("R", CultureInfo.InvariantCulture));
        Assert.Equal(text, JsonCanonicalization.Text(json.RootElement));
    }

    /// <summary>RFC 8785, section 3.2.2 and 3.2.3: strings, literals and order.</summary>
    [Fact]
    public void The_example_of_the_standard()
    {
        const string Given = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        using JsonDocument json = JsonDocument.Parse(Given);
        Assert.Equal(
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""",
            JsonCanonicalization.Text(json.RootElement)
        );
    }

    /// <summary>RFC 8785, section 3.2.3: members are sorted by UTF-16 code units.</summary>
    [Fact]
    public void Members_are_sorted_by_code_units()
    {
        const string Given =
            """{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7,"a":{},"b":[]}""";
        using JsonDocument json = JsonDocument.Parse(Given);
        Assert.Equal(
            "{\"\\r\":2,\"1\":4,\"a\":{},\"b\":[],\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
            JsonCanonicalization.Text(json.RootElement)
        );
    }

    [Fact]
    public void A_number_that_no_double_holds_has_no_canonical_form()
    {
        using JsonDocument json = JsonDocument.Parse("1e400");
        Assert.Throws<JsonException>(() => JsonCanonicalization.Text(json.RootElement));
    }
}
