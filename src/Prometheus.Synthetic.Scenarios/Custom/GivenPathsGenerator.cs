using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Hands out given paths as they are: one memory copy per range, no draw.</summary>
public sealed class GivenPathsGenerator(IReadOnlyList<Driver> drivers, GivenPaths given) : IPathGenerator
{
    public IReadOnlyList<Driver> Drivers => drivers;

    public JsonObject Report { get; } =
        new()
        {
            ["source"] = GivenPathsSpec.Source,
            ["paths"] = given.NumPaths,
            ["horizon_days"] = given.HorizonDays,
            ["drivers"] = drivers.Count,
            ["annotated_paths"] = given.Annotations.Count(a => a is not null),
        };

    public void Generate(int firstPath, Span<double> destination) =>
        given.Values.Slice(firstPath * given.HorizonDays * given.Width, destination.Length).CopyTo(destination);

    public PathAnnotation? Describe(int path) => given.Annotations.Count == 0 ? null : given.Annotations[path];
}
