using System.Text.Json;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Engine.Requests;

/// <summary>
/// What is asked for: the specification's ScenarioRequest (6.1) and what makes it repeatable. Members are as the caller
/// gave them; <see cref="RequestResolver"/> checks them and fills in what follows from them.
/// </summary>
public sealed record ScenarioRequest
{
    /// <summary>The lineage's name: letters, digits, <c>_ . -</c>, at most 200 characters.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>A scenario category, e.g. <c>BOOTSTRAP</c>.</summary>
    public string? Category { get; init; }

    /// <summary>Trading days per path, 1..60.</summary>
    public int? HorizonDays { get; init; }

    public int? NumPaths { get; init; }

    public IReadOnlyList<string>? Markets { get; init; }

    public DateOnly? BaseDateStart { get; init; }

    public DateOnly? BaseDateEnd { get; init; }

    /// <summary>Only data up to the end of this day may be used; <see cref="BaseDateEnd"/> when absent.</summary>
    public DateOnly? AsOfDate { get; init; }

    public IReadOnlyList<string>? RegimeFilter { get; init; }

    public JsonElement? UniverseFilter { get; init; }

    public JsonElement? GeneratorSpec { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public PolicyReference? Policy { get; init; }

    /// <summary>
    /// Null for the normal case: an identical request answers with the existing set. Any other text makes another
    /// version on purpose; the same text again is the same request again.
    /// </summary>
    public string? ForceNonce { get; init; }
}
