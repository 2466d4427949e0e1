using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Engine.Tests.Requests;

public sealed class NameTemplateTests
{
    private static readonly DateOnly s_asOf = new(2025, 3, 31);

    [Theory]
    [InlineData("{market}_{kind}_{horizon}D_{as_of}", "US_EQ_BOOTSTRAP_30D_2025-03-31")]
    [InlineData("{market}_BASELINE_{kind}_{horizon}D_{since}", "US_EQ_BASELINE_BOOTSTRAP_30D_2020ON")]
    [InlineData("X_{year}_{month}_{quarter}_{paths}", "X_2025_2025-03_2025Q1_1000")]
    [InlineData("PLAIN", "PLAIN")]
    public void Places_are_filled_from_the_request(string template, string name) =>
        Assert.Equal(name, NameTemplate.Fill(template, Request(), s_asOf));

    [Fact]
    public void Several_markets_are_global() =>
        Assert.Equal(
            "GLOBAL_X",
            NameTemplate.Fill("{market}_X", Request() with { Markets = ["US_EQ", "EU_EQ"] }, s_asOf)
        );

    [Theory]
    [InlineData("{markt}_X", ErrorCodes.UnknownKey, "did you mean 'market'")]
    [InlineData("{market_X", ErrorCodes.OutOfRange, "brace")]
    public void What_cannot_be_filled_is_refused(string template, string code, string says)
    {
        var refused = Assert.Throws<ScenarioRefusedException>(() => NameTemplate.Fill(template, Request(), s_asOf));
        Assert.Equal((code, "name"), (refused.Errors[0].Code, refused.Errors[0].Field));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_whose_value_is_not_given_is_refused() =>
        Assert.Equal(
            ErrorCodes.Missing,
            Assert
                .Throws<ScenarioRefusedException>(() =>
                    NameTemplate.Fill("{since}", Request() with { BaseDateStart = null }, s_asOf)
                )
                .Errors[0]
                .Code
        );

    private static ScenarioRequest Request() =>
        new()
        {
            Category = "BOOTSTRAP",
            HorizonDays = 30,
            NumPaths = 1000,
            Markets = ["US_EQ"],
            BaseDateStart = new DateOnly(2020, 1, 1),
        };
}
