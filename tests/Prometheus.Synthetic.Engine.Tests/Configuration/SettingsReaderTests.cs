using Prometheus.Synthetic.Engine.Configuration;
using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Engine.Tests.Configuration;

public sealed class SettingsReaderTests
{
    [Fact]
    public void What_is_given_holds_and_what_is_not_stays_standard()
    {
        SettingsReader settings = Reader(("LIMITS__SHARDCELLS", "500"), ("LIMITS__MAXCELLS", ""));
        var limits = EngineSettings.Read(settings).Limits;
        settings.ThrowIfRefused();
        Assert.Equal(new RequestLimits { ShardCells = 500 }, limits);
    }

    [Fact]
    public void Everything_that_is_wrong_is_named_at_once_with_what_is_allowed()
    {
        SettingsReader settings = Reader(
            ("LIMITS__SHARDCELLS", "0"),
            ("LIMITS__MAXPATHS", "many"),
            ("LIMITS__MAXCELLS", "99999999999999999999"),
            ("STORAGE__CONTRACTSCHEMA", "public; drop"),
            ("WAIT", "NaN"),
            ("LEVEL", "Inforation")
        );
        EngineSettings.Read(settings);
        settings.Seconds("WAIT", TimeSpan.FromSeconds(2), 0.5, 10);
        settings.Word("LEVEL", "Warning", ["Information", "Warning"]);
        IReadOnlyList<FieldError> errors = Assert.Throws<ScenarioRefusedException>(settings.ThrowIfRefused).Errors;
        Assert.Equal(
            [
                ("SYNTHETIC_LIMITS__MAXPATHS", ErrorCodes.WrongType),
                ("SYNTHETIC_LIMITS__MAXCELLS", ErrorCodes.WrongType),
                ("SYNTHETIC_LIMITS__SHARDCELLS", ErrorCodes.OutOfRange),
                ("SYNTHETIC_STORAGE__CONTRACTSCHEMA", ErrorCodes.WrongType),
                ("SYNTHETIC_WAIT", ErrorCodes.OutOfRange),
                ("SYNTHETIC_LEVEL", ErrorCodes.UnknownValue),
            ],
            errors.Select(e => (e.Field, e.Code))
        );
        Assert.Contains(
            "give 1 to 100,000,000, or leave it out for 2,000,000",
            errors[2].Message,
            StringComparison.Ordinal
        );
        Assert.Contains("give 0.5 to 10, or leave it out for 2", errors[4].Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'Information'?", errors[5].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_name_is_told_with_the_nearest_one()
    {
        SettingsReader settings = Reader();
        EngineSettings.Read(settings);
        string[] given = ["PATH", "SYNTHETIC_LIMITS__MAXCELL", "SYNTHETIC_ROOT", "SYNTHETIC_LIMITS__MAXPATHS"];
        string warning = Assert.Single(settings.Unknown(given, ["SYNTHETIC_ROOT"]));
        Assert.Equal(
            "SYNTHETIC_LIMITS__MAXCELL is no setting and has no effect; did you mean 'SYNTHETIC_LIMITS__MAXCELLS'?",
            warning
        );
    }

    private static SettingsReader Reader(params (string Name, string Text)[] given)
    {
        Dictionary<string, string> texts = given.ToDictionary(g => g.Name, g => g.Text, StringComparer.Ordinal);
        return new SettingsReader(texts.GetValueOrDefault);
    }
}
