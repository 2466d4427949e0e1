using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Storage.Tests.Market;

/// <summary>Settings of the market tables are refused as every other setting: by name, all at once, with what to do.</summary>
public sealed class MarketTablesTests
{
    [Theory]
    [InlineData("MarketTables__Schema", "public; DROP TABLE x")]
    [InlineData("MarketTables__HistorySchema", "2024")]
    [InlineData("MarketTables__DateColumn", "date\"")]
    [InlineData("MarketTables__Tables__regimes", "labels.market.regimes")]
    [InlineData("MarketTables__Tables__regimes", ".regimes")]
    [InlineData("MarketTables__Columns__returns_daily__ret_1d", "1d")]
    public void A_name_that_is_no_identifier_is_refused_by_its_variable(string variable, string value)
    {
        FieldError error = Assert.Single(Refused(new() { [variable] = value }));
        Assert.Equal((variable, ErrorCodes.WrongType), (error.Field, error.Code));
        Assert.Contains("is no SQL identifier; give letters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_no_setting_is_refused_with_a_suggestion()
    {
        FieldError error = Assert.Single(Refused(new() { ["MarketTables__Tables__returns_dayly"] = "r" }));
        Assert.Equal(("MarketTables__Tables__returns_dayly", ErrorCodes.UnknownKey), (error.Field, error.Code));
        Assert.Contains("'MarketTables__Tables__returns_daily'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() =>
        Assert.Equal(
            ["MARKETTABLES__SCHEMA", "MarketTables__Columns__returns_daily__ret1d", "MarketTables__DateColumn"],
            Refused(
                    new()
                    {
                        ["MarketTables__DateColumn"] = "trade date",
                        ["MarketTables__Columns__returns_daily__ret1d"] = "r",
                        ["MARKETTABLES__SCHEMA"] = "s",
                        ["PATH"] = "/bin",
                    }
                )
                .Select(e => e.Field)
        );

    [Fact]
    public void Names_set_in_code_are_refused_under_the_same_fields()
    {
        var tables = new MarketTables
        {
            Tables = { ["returns_dayly"] = "r" },
            Columns = { ["returns_daily.ret1d"] = "r", ["regimes.region"] = "the region" },
        };
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(tables.Validate);
        Assert.Equal(
            [
                "MarketTables__Tables__returns_dayly",
                "MarketTables__Columns__returns_daily__ret1d",
                "MarketTables__Columns__regimes__region",
            ],
            refused.Errors.Select(e => e.Field)
        );
        Assert.Contains("'returns_daily'", refused.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("'returns_daily.ret_1d'", refused.Errors[1].Message, StringComparison.Ordinal);
    }

    /// <summary>What was never validated still carries no SQL: it is quoted as a name.</summary>
    [Fact]
    public void An_unvalidated_name_stays_a_name() =>
        Assert.Equal(
            "\"public\".\"r\"\"; DROP TABLE x; --\"",
            new MarketTables { Tables = { ["regimes"] = "r\"; DROP TABLE x; --" } }.Sql("{regimes}")
        );

    private static IReadOnlyList<FieldError> Refused(Dictionary<string, string> variables) =>
        Assert
            .Throws<ScenarioRefusedException>(() =>
                MarketTables.FromVariables(variables.GetValueOrDefault, variables.Keys)
            )
            .Errors;
}
