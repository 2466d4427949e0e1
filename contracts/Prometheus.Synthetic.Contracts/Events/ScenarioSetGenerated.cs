using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Outbound: a set is sealed and visible in <c>scenario_sets</c> and <c>scenario_paths</c>. Holds all that a consumer
/// needs to decide whether the set concerns it. Sent again, under the same message id, when the same request comes again.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record ScenarioSetGenerated
{
    /// <summary>Primary key of the set.</summary>
    [JsonPropertyName("scenario_set_id")]
    public required Guid ScenarioSetId { get; init; }

    /// <summary>Name of the lineage.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Version within the lineage, 1 or more, without gaps.</summary>
    [JsonPropertyName("version")]
    public required int Version { get; init; }

    /// <summary>One of <see cref="ScenarioCategories"/>.</summary>
    [JsonPropertyName("category")]
    public required string Category { get; init; }

    /// <summary>Market ids whose instruments are covered.</summary>
    [JsonPropertyName("markets")]
    public required IReadOnlyList<string> Markets { get; init; }

    /// <summary>Only data available by the end of this day were used.</summary>
    [JsonPropertyName("as_of_date")]
    public required DateOnly AsOfDate { get; init; }

    /// <summary>Steps per path in trading days, 1 to 60; horizon_index 0 is the baseline and comes on top.</summary>
    [JsonPropertyName("horizon_days")]
    public required int HorizonDays { get; init; }

    /// <summary>Paths in the set, 1 or more; scenario_id runs from 0 to num_paths − 1.</summary>
    [JsonPropertyName("num_paths")]
    public required int NumPaths { get; init; }

    /// <summary>Number of drivers by kind.</summary>
    [JsonPropertyName("drivers")]
    public required DriverCounts Drivers { get; init; }

    /// <summary>Rows of <c>scenario_paths</c>: num_paths × (horizon_days + 1) × drivers.</summary>
    [JsonPropertyName("cells")]
    public required long Cells { get; init; }

    /// <summary>Tags of the set, may be empty.</summary>
    [JsonPropertyName("tags")]
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>True for a defensive test; always true, with the tag, for FRAGILITY_ADVERSARIAL.</summary>
    [JsonPropertyName("defensive_test")]
    public required bool DefensiveTest { get; init; }

    /// <summary>One of <see cref="ReturnConventions"/>.</summary>
    [JsonPropertyName("return_convention")]
    public required string ReturnConvention { get; init; }

    /// <summary>Hash of every value of the set: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    [JsonPropertyName("content_hash")]
    public required string ContentHash { get; init; }

    /// <summary>Hash of the frozen calibration data, same form. Equal hashes: the sets saw the same history.</summary>
    [JsonPropertyName("snapshot_hash")]
    public required string SnapshotHash { get; init; }

    /// <summary>The set that was current in the lineage before; absent for version 1.</summary>
    [JsonPropertyName("supersedes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Supersedes { get; init; }

    /// <summary>Deterministic id of the request that made the set.</summary>
    [JsonPropertyName("request_id")]
    public required Guid RequestId { get; init; }

    /// <summary>UTC instant at which the set became visible.</summary>
    [JsonPropertyName("sealed_at"), JsonConverter(typeof(UtcInstantConverter))]
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>Version of the engine's numerics, 1 or more: the same spec, snapshot and numeric version give the same bytes.</summary>
    [JsonPropertyName("numeric_version")]
    public required int NumericVersion { get; init; }

    /// <summary>
    /// On an announcement of an existing set: whether the history it saw has been restated since. Absent when it was not
    /// compared. A new version on the restated data needs force_new_version.
    /// </summary>
    [JsonPropertyName("data_restated"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? DataRestated { get; init; }

    /// <summary>True when retention has dropped the paths: the record stands, the rows come back by rehydration.</summary>
    [JsonPropertyName("evicted")]
    public required bool Evicted { get; init; }

    /// <summary>Whom a set of category FRAGILITY_ADVERSARIAL hurts and by how much; absent for every other category.</summary>
    [JsonPropertyName("attack_loss"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AttackLoss? AttackLoss { get; init; }
}
