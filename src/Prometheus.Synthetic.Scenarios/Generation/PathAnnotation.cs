using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>Facts of one path that are stored beside its numbers and covered by its digest.</summary>
public sealed record PathAnnotation
{
    /// <summary>For replayed or resampled days: the historical date behind each step 1..H; null otherwise.</summary>
    public IReadOnlyList<DateOnly>? SourceDates { get; init; }

    /// <summary>Probability of the path within the set; null means equal weights.</summary>
    public double? Probability { get; init; }

    /// <summary>Facts of the whole path, e.g. plausibility, losses inflicted, template.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Facts of single cells, e.g. which overlay touched them; becomes <c>shock_metadata</c>.</summary>
    public IReadOnlyList<CellMark> Cells { get; init; } = [];
}

/// <summary>A fact of a cell.</summary>
/// <param name="Driver">Index into the generator's drivers, or −1 for every driver at this step.</param>
/// <param name="Step">Step 1..H.</param>
public sealed record CellMark(int Driver, int Step, JsonObject Metadata);
