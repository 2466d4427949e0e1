using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Reads what a gate needs from a YAML (or JSON) file.</summary>
internal static class NeedsFile
{
    private const int MaxLength = 1 << 20;

    /// <exception cref="ScenarioRefusedException">The file is absent, too large, no YAML, or asks for what does not exist.</exception>
    public static BatteryNeeds Read(string path)
    {
        string text = InputFile.Text("--needs", path);
        if (text.Length > MaxLength)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "--needs",
                $"'{path}' has {text.Length} characters; {MaxLength} are allowed"
            );
        if (string.IsNullOrWhiteSpace(text))
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                "--needs",
                $"'{path}' is empty; leave --needs out to ask for every trait of history"
            );
        try
        {
            object? content = new DeserializerBuilder()
                .WithAttemptingUnquotedStringTypeDeserialization()
                .Build()
                .Deserialize(text);
            string json = new SerializerBuilder().JsonCompatible().Build().Serialize(content);
            using var document = JsonDocument.Parse(json);
            return BatteryNeeds.Parse(document.RootElement);
        }
        catch (Exception e) when (e is YamlException or JsonException)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                "--needs",
                $"'{path}' is not YAML: {e.Message.ReplaceLineEndings(" ")}"
            );
        }
    }
}
