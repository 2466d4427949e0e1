using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>Hands out given paths as they are: no draw.</summary>
public sealed class GivenPathsGenerator(IReadOnlyList<Driver> drivers, IGivenPaths given) : IPathGenerator
{
    public IReadOnlyList<Driver> Drivers => drivers;

    public JsonObject Report { get; } =
        new()
        {
            ["source"] = GivenPathsSpec.Source,
            ["paths"] = given.NumPaths,
            ["horizon_days"] = given.HorizonDays,
            ["drivers"] = drivers.Count,
            ["annotated_paths"] = given.AnnotatedPaths,
        };

    public void Generate(int firstPath, Span<double> destination) =>
        given.Read(firstPath, destination.Length / (given.HorizonDays * drivers.Count), destination);

    public PathAnnotation? Describe(int path) => given.Describe(path);

    public PathAnnotation?[] GenerateDescribed(int firstPath, int count, Span<double> destination) =>
        given.Read(firstPath, count, destination);
}
