using System.Text.Encodings.Web;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// What an exported file says of itself, as JSON under the key <see cref="Key"/>: in the key-value metadata of Parquet and
/// Arrow files, in the first comment line of CSV files. The content hash covers every value, annotation and driver.
/// </summary>
public sealed record SetFileHeader
{
    public const string Key = "prometheus_synthetic";

    /// <summary>Version of this header.</summary>
    public int FormatVersion { get; init; } = 1;

    public required Guid ScenarioSetId { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Category { get; init; }

    public string Description { get; init; } = string.Empty;

    /// <summary>True on sets that are defensive tests and nothing else.</summary>
    public bool DefensiveTest { get; init; }

    public required int HorizonDays { get; init; }

    public required int NumPaths { get; init; }

    public required string ReturnConvention { get; init; }

    public required IReadOnlyList<string> Markets { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required DateOnly AsOfDate { get; init; }

    public required DateOnly BaseDateStart { get; init; }

    public required DateOnly BaseDateEnd { get; init; }

    /// <summary>The drivers in canonical order.</summary>
    public required IReadOnlyList<SetFileDriver> Drivers { get; init; }

    public required string ContentHash { get; init; }

    public required string SnapshotHash { get; init; }

    public required ulong Seed { get; init; }

    public JsonElement? GeneratorSpec { get; init; }

    public required int NumericVersion { get; init; }

    public required string EngineVersion { get; init; }

    public DateTimeOffset? SealedAt { get; init; }

    public static SetFileHeader Of(
        ScenarioSetDocument set,
        IReadOnlyList<Driver> drivers,
        IReadOnlyList<string> tags
    ) =>
        new()
        {
            ScenarioSetId = set.Id,
            Name = set.Name,
            Version = set.Version,
            Category = set.Category,
            Description = set.Description,
            DefensiveTest = set.DefensiveTest,
            HorizonDays = set.HorizonDays,
            NumPaths = set.NumPaths,
            ReturnConvention = set.ReturnConvention,
            Markets = set.Markets,
            Tags = tags,
            AsOfDate = set.AsOfDate,
            BaseDateStart = set.BaseDateStart,
            BaseDateEnd = set.BaseDateEnd,
            Drivers =
            [
                .. drivers.Select(d => new SetFileDriver(
                    d.Kind.ToString().ToUpperInvariant(),
                    d.Id,
                    d.Unit,
                    d.BaseLevel
                )),
            ],
            ContentHash = set.ContentHash!,
            SnapshotHash = set.SnapshotHash,
            Seed = set.Seed,
            GeneratorSpec = set.GeneratorSpec,
            NumericVersion = set.NumericVersion,
            EngineVersion = set.EngineVersion,
            SealedAt = set.SealedAt,
        };

    /// <summary>One line of JSON, snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <exception cref="JsonException">The text is no header of this version.</exception>
    public static SetFileHeader Parse(string json)
    {
        SetFileHeader header =
            JsonSerializer.Deserialize<SetFileHeader>(json, s_options) ?? throw new JsonException("the header is null");
        return header.FormatVersion == 1
            ? header
            : throw new JsonException($"format version {header.FormatVersion} is newer than this engine");
    }

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>A driver in a file's header.</summary>
/// <param name="Kind">INSTRUMENT, FACTOR or MACRO.</param>
public sealed record SetFileDriver(string Kind, string Id, string Unit, double? BaseLevel)
{
    /// <exception cref="JsonException">The kind is unknown.</exception>
    public Driver ToDriver() =>
        Enum.TryParse(Kind, ignoreCase: true, out DriverKind kind) && Enum.IsDefined(kind)
            ? new Driver(kind, Id, Unit, BaseLevel)
            : throw new JsonException($"driver kind '{Kind}' is not one of INSTRUMENT, FACTOR, MACRO");
}
