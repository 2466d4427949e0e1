using System.Text.Json;
using System.Text.Json.Serialization;
using Prometheus.Synthetic.Contracts.Json;

namespace Prometheus.Synthetic.Contracts;

/// <summary>
/// Inbound: make this scenario set. The specification's ScenarioRequest (6.1) with what governance needs beside it.
/// Natural key: everything in it. Members marked required are nullable here so that a message without them can be read
/// and answered with an error that names them.
/// </summary>
[JsonNumberHandling(JsonNumberHandling.Strict)]
public sealed record GenerateScenarioSet
{
    /// <summary>Required. Name of the lineage: a second set of the same name is its next version.</summary>
    [JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Required, may be empty. What the set is for, in words.</summary>
    [JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>Required. One of <see cref="ScenarioCategories"/>.</summary>
    [JsonPropertyName("category"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Category { get; init; }

    /// <summary>Required. Steps per path in trading days, 1 to 60.</summary>
    [JsonPropertyName("horizon_days"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? HorizonDays { get; init; }

    /// <summary>Required. Paths in the set, 1 or more; the upper limit is the engine's configured number of cells.</summary>
    [JsonPropertyName("num_paths"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NumPaths { get; init; }

    /// <summary>Required, at least one. Market ids whose instruments are covered, e.g. <c>US_EQ</c>.</summary>
    [JsonPropertyName("markets"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Markets { get; init; }

    /// <summary>Optional. First day of the calibration history, inclusive. Absent: as far back as the data go.</summary>
    [JsonPropertyName("base_date_start"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? BaseDateStart { get; init; }

    /// <summary>Last day of the calibration history, inclusive, not before base_date_start. Absent: as_of_date.</summary>
    [JsonPropertyName("base_date_end"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? BaseDateEnd { get; init; }

    /// <summary>Optional. Regime labels whose days may be used, e.g. <c>CRISIS</c>. Absent: all days.</summary>
    [JsonPropertyName("regime_filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? RegimeFilter { get; init; }

    /// <summary>Optional. JSON object that narrows the universe (asset classes, ids, liquidity).</summary>
    [JsonPropertyName("universe_filter"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(JsonObjectConverter))]
    public JsonElement? UniverseFilter { get; init; }

    /// <summary>Optional. JSON object with the parameters of the generator; each family documents its own keys.</summary>
    [JsonPropertyName("generator_spec"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(JsonObjectConverter))]
    public JsonElement? GeneratorSpec { get; init; }

    /// <summary>
    /// Only data available by the end of this day are used. Required unless base_date_end is given, which then stands
    /// for it; not before base_date_end.
    /// </summary>
    [JsonPropertyName("as_of_date"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? AsOfDate { get; init; }

    /// <summary>Optional. Tags of the set. A FRAGILITY_ADVERSARIAL request carries <see cref="ContractTags.DefensiveTest"/>.</summary>
    [JsonPropertyName("tags"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Optional. Person or system that asks; becomes created_by. Absent: <c>system</c>.</summary>
    [JsonPropertyName("requested_by"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestedBy { get; init; }

    /// <summary>Optional, default false. True makes a new version although an identical set exists.</summary>
    [JsonPropertyName("force_new_version"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ForceNewVersion { get; init; }

    /// <summary>Optional. The policy that asked; set by the engine's own refreshes.</summary>
    [JsonPropertyName("policy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PolicyReference? Policy { get; init; }
}
