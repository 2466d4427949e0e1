using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// The <c>generator_spec</c> of a set of given paths: where they came from. The paths themselves are in the snapshot.
/// </summary>
/// <param name="File"><c>file</c>: name of the file without its folder.</param>
/// <param name="FileHash"><c>file_sha256</c>: SHA-256 of the file's bytes, 64 hexadecimal digits.</param>
/// <param name="Format"><c>format</c>: parquet, arrow or csv.</param>
/// <param name="OriginSet"><c>origin_scenario_set_id</c>: the set that the file says it was exported from.</param>
/// <param name="OriginContentHash"><c>origin_content_hash</c>: that set's content hash, checked against the file.</param>
public sealed record GivenPathsSpec(
    string? File,
    string? FileHash,
    string? Format,
    string? OriginSet,
    string? OriginContentHash
) : IGeneratorSpec
{
    /// <summary>The value of the key <c>source</c> that says the paths are given.</summary>
    public const string Source = "given_paths";

    public DataNeeds Needs { get; } = new();

    /// <summary>Whether a CUSTOM spec is one of given paths.</summary>
    public static bool Is(JsonElement? generatorSpec) =>
        generatorSpec is { ValueKind: JsonValueKind.Object } spec
        && spec.TryGetProperty("source", out JsonElement source)
        && source.ValueKind == JsonValueKind.String
        && source.ValueEquals(Source);

    /// <exception cref="ScenarioRefusedException">Unknown key, wrong type, or another source.</exception>
    public static GivenPathsSpec Parse(JsonElement? generatorSpec)
    {
        var reader = new SpecReader("generator_spec", generatorSpec);
        if (reader.OptionalText("source") is not Source)
            reader.Refuse(ErrorCodes.UnknownValue, "source", $"expected '{Source}'; 'sets import' writes it");
        var spec = new GivenPathsSpec(
            reader.OptionalText("file"),
            reader.OptionalText("file_sha256"),
            reader.OptionalText("format"),
            reader.OptionalText("origin_scenario_set_id"),
            reader.OptionalText("origin_content_hash")
        );
        reader.Finish();
        reader.ThrowIfRefused();
        return spec;
    }
}
