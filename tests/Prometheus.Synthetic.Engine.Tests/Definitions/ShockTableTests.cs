using System.Text.Json;
using Prometheus.Synthetic.Engine.Definitions;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Engine.Tests.Definitions;

public sealed class ShockTableTests
{
    private const string Yaml = """
        kind: custom
        name: DESK_RATES_UP
        version: 2
        title: Two ways of a rate shock
        propagate: false
        paths:
          - name: slow
            probability: 0.7
            shocks:
              - { kind: MACRO, ids: [DGS10], unit: percent, first_step: 1, values: [0.25, 0.25] }
              - { kind: MACRO, ids: [DGS10], unit: percent, first_step: 4, values: [0.1] }
          - name: gap
            probability: 0.3
            shocks:
              - { ids: ["EQUITY:A"], unit: simple_return, first_step: 1, values: [-0.06] }
        """;

    private const string Csv = """
        # name: DESK_RATES_UP
        # version: 2
        # title: Two ways of a rate shock
        # propagate: false
        path,probability,kind,id,unit,step,value
        slow,0.7,MACRO,DGS10,percent,2,0.25
        slow,0.7,MACRO,DGS10,percent,1,0.25
        gap,0.3,,EQUITY:A,,1,-0.06
        slow,0.7,MACRO,DGS10,percent,4,0.1
        """;

    [Fact]
    public void A_table_says_what_the_same_yaml_says()
    {
        Definition table = DefinitionFile.Read(Csv, "desk.csv");
        Definition yaml = DefinitionFile.Read(Yaml, "desk.yaml");
        Assert.Equal(
            ("custom", "DESK_RATES_UP", 2, "Two ways of a rate shock"),
            (table.Kind, table.Name, table.Version, table.Title)
        );
        Assert.Equal(CanonicalJson.Bytes(yaml.Content), CanonicalJson.Bytes(table.Content));
        Assert.Equal(yaml.Hash, table.Hash);
        Assert.Equal(4, CustomDefinition.Parse("f", table.Content).LastStep);
    }

    [Fact]
    public void A_table_without_facts_is_named_after_its_file_and_windows_line_ends_do_no_harm()
    {
        Definition table = DefinitionFile.Read("path,id,step,value\r\nonly,EQUITY:A,3,-0.1\r\n", "my_desk.csv");
        Assert.Equal("MY_DESK", table.Name);
        CustomPath path = Assert.Single(CustomDefinition.Parse("f", table.Content).Paths);
        Assert.Null(path.Probability);
        CustomShock shock = Assert.Single(path.Shocks);
        Assert.Equal((3, "simple_return", -0.1), (shock.FirstStep, shock.Unit, Assert.Single(shock.Values)));
    }

    [Theory]
    [InlineData("path,id,step\na,EQUITY:A,1", "d.csv.value", ErrorCodes.Missing)]
    [InlineData("path,id,step,value,colour\na,EQUITY:A,1,0.1,red", "d.csv.colour", ErrorCodes.UnknownKey)]
    [InlineData("# author: me\npath,id,step,value\na,EQUITY:A,1,0.1", "d.csv line 1", ErrorCodes.UnknownKey)]
    [InlineData("# name: X\npath,id,step,value\na,EQUITY:A,0,0.1", "d.csv line 3", ErrorCodes.OutOfRange)]
    [InlineData("path,id,step,value\na,EQUITY:A,1,-10 %", "d.csv line 2", ErrorCodes.WrongType)]
    [InlineData("path,id,step,value\na,,1,0.1", "d.csv line 2", ErrorCodes.Missing)]
    [InlineData("path,id,step,value\na,EQUITY:A,1,0.1\na,EQUITY:A,1,0.2", "d.csv line 3", ErrorCodes.Conflict)]
    [InlineData(
        "path,id,step,value,probability\na,EQUITY:A,1,0.1,0.5\na,EQUITY:A,2,0.1,0.6",
        "d.csv line 3",
        ErrorCodes.Conflict
    )]
    [InlineData("path,id,step,value\na,EQUITY:A,1,-1.5", "d.csv.paths[0].shocks[0].values", ErrorCodes.OutOfRange)]
    [InlineData("path,id,step,value", "d.csv.paths", ErrorCodes.Missing)]
    [InlineData(
        "path,id,step,value,unit\na,EQUITY:A,1,0.1,furlongs",
        "d.csv.paths[0].shocks[0].unit",
        ErrorCodes.UnknownValue
    )]
    public void A_wrong_table_is_refused_by_line(string csv, string field, string code)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(() =>
            DefinitionFile.Read(csv, "d.csv")
        );
        Assert.Contains(refused.Errors, e => e.Field == field && e.Code == code);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once() =>
        Assert.Equal(
            3,
            Assert
                .Throws<ScenarioRefusedException>(() =>
                    DefinitionFile.Read(
                        "path,id,step,value\na,EQUITY:A,x,0.1\na,EQUITY:A,1,y\n,EQUITY:A,2,0.1",
                        "d.csv"
                    )
                )
                .Errors.Count
        );
}
