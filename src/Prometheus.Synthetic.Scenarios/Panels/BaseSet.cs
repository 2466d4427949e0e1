using System.Text.Json;
using System.Text.Json.Serialization;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// A sealed set that another is made from: all it takes to make its paths again. The record is part of the snapshot's
/// bytes; the base's own snapshot is stored under its own address and attached when it is loaded.
/// </summary>
public sealed record BaseSet
{
    public required Guid ScenarioSetId { get; init; }

    public required string Name { get; init; }

    public required int Version { get; init; }

    public required string Category { get; init; }

    /// <summary>The stored spec without its seed.</summary>
    public JsonElement? GeneratorSpec { get; init; }

    public required ulong Seed { get; init; }

    public required int NumPaths { get; init; }

    public required int HorizonDays { get; init; }

    public IReadOnlyList<string>? RegimeFilter { get; init; }

    public required string SnapshotHash { get; init; }

    public required string ContentHash { get; init; }

    /// <summary>The base's calibration snapshot.</summary>
    [JsonIgnore]
    public CalibrationSnapshot? Snapshot { get; init; }
}
