using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Combination;

/// <summary>The paths of a set, over again when more are asked for than it has, and only their first steps.</summary>
internal sealed class ReusedPaths(IPathGenerator inner, int numPaths, int innerHorizon, int horizon) : IPathGenerator
{
    public IReadOnlyList<Driver> Drivers => inner.Drivers;

    public JsonObject Report => inner.Report;

    /// <summary>The number of the set's path behind a path.</summary>
    public int Origin(int path) => path % numPaths;

    public void Generate(int firstPath, Span<double> destination)
    {
        int length = horizon * Drivers.Count;
        double[] whole = new double[innerHorizon * Drivers.Count];
        for (int path = firstPath; destination.Length >= length; path++)
        {
            inner.Generate(Origin(path), whole);
            whole.AsSpan(0, length).CopyTo(destination);
            destination = destination[length..];
        }
    }

    public PathAnnotation? Describe(int path) => Shortened(inner.Describe(Origin(path)));

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination)
    {
        int length = horizon * Drivers.Count;
        double[] whole = new double[innerHorizon * Drivers.Count];
        var annotations = new PathAnnotation?[count];
        for (int i = 0; i < count; i++)
        {
            annotations[i] = Shortened(inner.GenerateDescribed(Origin(firstPath + i), 1, whole)[0]);
            whole.AsSpan(0, length).CopyTo(destination[(i * length)..]);
        }

        return annotations;
    }

    private PathAnnotation? Shortened(PathAnnotation? annotation) =>
        annotation is null
            ? null
            : annotation with
            {
                SourceDates = annotation.SourceDates is { } dates ? [.. dates.Take(horizon)] : null,
                Cells = [.. annotation.Cells.Where(c => c.Step <= horizon)],
                Probability = null,
            };
}
