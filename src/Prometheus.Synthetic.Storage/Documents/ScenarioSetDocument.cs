using System.Text.Json;
using Marten.Schema;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Storage.Market;

namespace Prometheus.Synthetic.Storage.Documents;

/// <summary>
/// The record of a scenario set: what was asked, what it was made from, what became of it. Stored as a Marten document
/// (snake_case JSON); <c>scenario_sets</c> is a view on it that shows sealed sets only. Paths live in relational tables.
/// </summary>
[DocumentAlias("scenario_set")]
public sealed record ScenarioSetDocument
{
    /// <summary>Derived from request and attempt, so that a redelivered request finds the same record.</summary>
    public required Guid Id { get; init; }

    /// <summary>Deterministic key of what was asked; see <c>RequestKey</c>.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>1, and one more after each failed or cancelled attempt.</summary>
    public required int Attempt { get; init; }

    public required ScenarioSetStatus Status { get; init; }

    /// <summary>The lineage: sets of one name are versions of each other.</summary>
    public required string Name { get; init; }

    /// <summary>Version within the lineage, given at the seal; 0 before.</summary>
    public int Version { get; init; }

    public string Description { get; init; } = string.Empty;

    public required string Category { get; init; }

    public required int HorizonDays { get; init; }

    public required int NumPaths { get; init; }

    public required IReadOnlyList<string> Markets { get; init; }

    public required DateOnly AsOfDate { get; init; }

    /// <summary>First and last day of the calibration panel.</summary>
    public required DateOnly BaseDateStart { get; init; }

    public required DateOnly BaseDateEnd { get; init; }

    public IReadOnlyList<string>? RegimeFilter { get; init; }

    /// <summary>The request's <c>universe_filter</c> as given.</summary>
    public JsonElement? UniverseFilter { get; init; }

    /// <summary>The request's <c>generator_spec</c> with the seed filled in: enough to make the set again.</summary>
    public JsonElement? GeneratorSpec { get; init; }

    public required ulong Seed { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>True on sets that attack what is fragile; they are defensive tests and nothing else.</summary>
    public bool DefensiveTest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string ReturnConvention { get; init; } = "SIMPLE_PER_STEP";

    public required DriverCounts Drivers { get; init; }

    /// <summary>Drivers that the universe held and the panel does not, with the reason.</summary>
    public IReadOnlyList<DroppedDriver> DriversDropped { get; init; } = [];

    /// <summary>What loading the calibration data found: days, sources, days dropped.</summary>
    public JsonElement? CalibrationReport { get; init; }

    /// <summary>What the generator decided at calibration.</summary>
    public JsonElement? GeneratorReport { get; init; }

    public required string SnapshotHash { get; init; }

    /// <summary>Hash of the content, given at the seal.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Changes whenever the same inputs would give other bytes.</summary>
    public required int NumericVersion { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>The set that was current in the lineage before this one.</summary>
    public Guid? Supersedes { get; init; }

    public PolicyReference? Policy { get; init; }

    public Guid? CorrelationId { get; init; }

    /// <summary>Id of the message that caused the set.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>Into how many shards the set was cut for generation; it changes no byte.</summary>
    public required int ShardCount { get; init; }

    public DateTimeOffset? SealedAt { get; init; }

    /// <summary>Sum of the shards' generation times, seconds of one core.</summary>
    public double? GenerationSeconds { get; init; }

    /// <summary>Sum of the shards' storing times in seconds.</summary>
    public double? StoreSeconds { get; init; }

    /// <summary>Why the set failed or was cancelled.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Cells a consumer sees: paths × (horizon + 1 baseline) × drivers.</summary>
    public long Cells => (long)NumPaths * (HorizonDays + 1) * Drivers.Total;
}

/// <summary>Life of a set. Only SEALED sets are visible in the contract relations.</summary>
public enum ScenarioSetStatus
{
    Generating,
    Sealed,

    /// <summary>Sealed, its paths dropped by retention; they can be brought back to the byte.</summary>
    Evicted,

    /// <summary>Sealed once; the paths are gone for good and the record stays as a tombstone.</summary>
    Deleted,
    Failed,
    Cancelled,
}

/// <summary>Number of drivers by kind.</summary>
public sealed record DriverCounts(int Instruments, int Factors, int Macros)
{
    public int Total => Instruments + Factors + Macros;
}

/// <summary>The policy that asked for the set.</summary>
/// <param name="Hash">Hash of the policy's canonical content.</param>
public sealed record PolicyReference(string Name, int Version, string Hash);
