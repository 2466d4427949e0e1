using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Historical;

/// <summary>Copies windows out of the panel; a window is one contiguous memory copy.</summary>
internal sealed class HistoricalWindowGenerator(
    ShockPanel panel,
    GenerationShape shape,
    WindowChoice windows,
    JsonObject report
) : IPathGenerator
{
    public IReadOnlyList<Driver> Drivers => panel.Drivers;

    public JsonObject Report => report;

    public void Generate(int firstPath, Span<double> destination)
    {
        int pathLength = shape.HorizonDays * panel.Width;
        for (int path = firstPath; destination.Length >= pathLength; path++)
        {
            panel.Values.Slice(windows.StartOf(path) * panel.Width, pathLength).CopyTo(destination);
            destination = destination[pathLength..];
        }
    }

    public PathAnnotation Describe(int path)
    {
        int start = windows.StartOf(path);
        var dates = new DateOnly[shape.HorizonDays];
        for (int h = 0; h < dates.Length; h++)
            dates[h] = panel.Dates[start + h];
        var episodes = new JsonArray([
            .. Episodes.All.Where(e => e.Span.Start <= dates[^1] && e.Span.End >= dates[0]).Select(e => (JsonNode)e.Id),
        ]);
        return new PathAnnotation
        {
            SourceDates = dates,
            Metadata = episodes.Count > 0 ? new JsonObject { ["episodes"] = episodes } : null,
        };
    }
}
