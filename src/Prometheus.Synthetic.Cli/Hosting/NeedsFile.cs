using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Diagnostics.Batteries;
using Prometheus.Synthetic.Scenarios.Errors;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>Reads what a gate needs from a YAML (or JSON) file.</summary>
internal static class NeedsFile
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="ScenarioRefusedException">The file is absent, too large, no YAML, or asks for what does not exist.</exception>
    public static BatteryNeeds Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new ScenarioRefusedException(ErrorCodes.NotFound, "--needs", $"there is no file '{path}'");
        if (file.Length > MaxBytes)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "--needs",
                $"'{path}' has {file.Length} bytes; {MaxBytes} are allowed"
            );
        try
        {
            object? content = new DeserializerBuilder()
                .WithAttemptingUnquotedStringTypeDeserialization()
                .Build()
                .Deserialize(File.ReadAllText(path));
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
