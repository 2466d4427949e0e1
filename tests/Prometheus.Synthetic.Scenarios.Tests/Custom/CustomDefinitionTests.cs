using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Tests.Adversarial;

namespace Prometheus.Synthetic.Scenarios.Tests.Custom;

public sealed class CustomDefinitionTests
{
    [Fact]
    public void Given_cells_are_as_written_and_the_others_follow()
    {
        IPathGenerator generator = Calibrate(
            """{"name":"HAND","paths":[{"name":"down","probability":0.25,"shocks":[{"ids":["EQUITY:CHIP"],"first_step":2,"values":[-0.1,-0.05]},{"kind":"MACRO","ids":["VIXCLS"],"unit":"index","values":[5]}]},{"name":"up","probability":0.75,"shocks":[{"sector":["Banks"],"values":[0.03]}]}]}""",
            2
        );
        double[] values = Families.Generate(generator, 2, 4);
        int width = generator.Drivers.Count;
        Assert.Equal(-0.1, values[width + generator.IndexOf("EQUITY:CHIP")]);
        Assert.Equal(-0.05, values[2 * width + generator.IndexOf("EQUITY:CHIP")]);
        Assert.Equal(5.0, values[generator.IndexOf("VIXCLS")]);
        Assert.True(values[width + generator.IndexOf("EQUITY:WEAK")] < 0);
        Assert.Equal(0.03, values[4 * width + generator.IndexOf("EQUITY:BANKB")]);
        Assert.All(values[(7 * width)..], v => Assert.Equal(0.0, v));
        Assert.Equal(0.75, generator.Describe(1)!.Probability);
        Assert.Contains(generator.Describe(0)!.Cells, c => c.Step == 2 && c.Driver == generator.IndexOf("EQUITY:CHIP"));
    }

    [Theory]
    [InlineData(
        """{"name":"H","paths":[{"shocks":[{"ids":["EQUITY:NONE"],"values":[0.1]}]}]}""",
        ErrorCodes.NotFound,
        "generator_spec.definition.paths[0].shocks[0]"
    )]
    [InlineData(
        """{"name":"H","paths":[{"shocks":[{"kind":"MACRO","ids":["VIXCLS"],"unit":"percent","values":[5]}]}]}""",
        ErrorCodes.Conflict,
        "generator_spec.definition.paths[0].shocks[0].unit"
    )]
    [InlineData(
        """{"name":"H","paths":[{"shocks":[{"ids":["EQUITY:CHIP"],"values":[-15]}]}]}""",
        ErrorCodes.OutOfRange,
        "generator_spec.definition.content.paths[0].shocks[0].values"
    )]
    [InlineData(
        """{"name":"H","paths":[{"shocks":[{"ids":["EQUITY:CHIP"],"first_step":4,"values":[0.1,0.1]}]}]}""",
        ErrorCodes.OutOfRange,
        "generator_spec.definition.paths[0].shocks[0].values"
    )]
    [InlineData(
        """{"name":"H","paths":[{"probability":0.4,"shocks":[{"ids":["EQUITY:CHIP"],"values":[0.1]}]}]}""",
        ErrorCodes.Conflict,
        "generator_spec.definition.paths"
    )]
    [InlineData("""{"name":"H","paths":[{"shocks":[]},{"shocks":[]}]}""", ErrorCodes.Conflict, "num_paths")]
    public void Wrong_definitions_are_refused_by_field(string content, string code, string field) =>
        Families.AssertRefused(code, field, () => Calibrate(content, 1));

    private static IPathGenerator Calibrate(string content, int paths) =>
        Families.Calibrate(
            ScenarioCategory.Custom,
            Market.Snapshot(),
            """{"definition":{"name":"HAND","content":""" + content + "}}",
            paths,
            4
        );
}
