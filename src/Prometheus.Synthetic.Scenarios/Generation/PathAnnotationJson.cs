using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Generation;

/// <summary>
/// The one JSON form of a path's annotation: digests are taken over it, files carry it, snapshots of given paths keep it.
/// <c>{"source_dates":[…],"probability":p,"metadata":{…},"cells":[{"driver":k,"step":h,"mark":{…}}]}</c>
/// </summary>
public static class PathAnnotationJson
{
    /// <summary>Canonical bytes: cells by step and driver, absent members left out.</summary>
    public static byte[] Bytes(PathAnnotation annotation) =>
        CanonicalJson.Bytes(
            JsonSerializer.SerializeToElement(
                new
                {
                    source_dates = annotation.SourceDates,
                    probability = annotation.Probability,
                    metadata = annotation.Metadata,
                    cells = annotation
                        .Cells.OrderBy(c => c.Step)
                        .ThenBy(c => c.Driver)
                        .Select(c => new
                        {
                            driver = c.Driver,
                            step = c.Step,
                            mark = c.Metadata,
                        }),
                }
            )
        );

    /// <summary>Reads what <see cref="Bytes"/> wrote.</summary>
    /// <exception cref="FormatException">The JSON is not an annotation.</exception>
    public static PathAnnotation Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonObject root =
                JsonNode.Parse(json) as JsonObject ?? throw new FormatException("an annotation is a JSON object");
            return new PathAnnotation
            {
                SourceDates = root["source_dates"] is JsonArray dates
                    ? [.. dates.Select(d => DateOnly.ParseExact(Text(d), "yyyy-MM-dd", CultureInfo.InvariantCulture))]
                    : null,
                Probability = root["probability"]?.GetValue<double>(),
                Metadata = root["metadata"]?.DeepClone().AsObject(),
                Cells = root["cells"] is JsonArray cells ? [.. cells.Select(Cell)] : [],
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"not an annotation: {e.Message}", e);
        }
    }

    private static CellMark Cell(JsonNode? node)
    {
        JsonObject cell = node as JsonObject ?? throw new FormatException("a cell's mark is a JSON object");
        return new CellMark(
            cell["driver"]?.GetValue<int>() ?? throw new FormatException("a cell's mark names its driver"),
            cell["step"]?.GetValue<int>() ?? throw new FormatException("a cell's mark names its step"),
            cell["mark"]?.DeepClone().AsObject() ?? throw new FormatException("a cell's mark is an object")
        );
    }

    private static string Text(JsonNode? node) =>
        node?.GetValue<string>() ?? throw new FormatException("a date is text");
}
