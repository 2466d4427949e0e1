using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests;

/// <summary>Calibrates and generates by category, as the engine does.</summary>
internal static class Families
{
    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    public static IPathGenerator Calibrate(
        string category,
        CalibrationSnapshot snapshot,
        string spec,
        int paths,
        int horizon,
        ulong seed = 7
    )
    {
        IScenarioFamily family = ScenarioFamilies.All.For(category);
        return family.Calibrate(
            snapshot,
            family.ParseSpec(Json(spec)),
            new GenerationShape(paths, horizon, seed),
            null
        );
    }

    public static double[] Generate(IPathGenerator generator, int paths, int horizon)
    {
        double[] values = new double[paths * horizon * generator.Drivers.Count];
        generator.Generate(0, values);
        return values;
    }

    public static int IndexOf(this IPathGenerator generator, string id) =>
        Enumerable.Range(0, generator.Drivers.Count).First(k => generator.Drivers[k].Id == id);

    public static void AssertRefused(string code, string field, Action work)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(work);
        Assert.Contains(refused.Errors, e => e.Code == code && e.Field == field);
    }

    public static void AssertRefusedAt(string field, Action work)
    {
        ScenarioRefusedException refused = Assert.Throws<ScenarioRefusedException>(work);
        Assert.Contains(refused.Errors, e => e.Field == field);
    }

    /// <summary>A sealed set as the engine attaches it.</summary>
    public static BaseSet Base(
        Guid id,
        string category,
        string spec,
        CalibrationSnapshot snapshot,
        int paths,
        int horizon
    ) =>
        new()
        {
            ScenarioSetId = id,
            Name = "BASE",
            Version = 1,
            Category = category,
            GeneratorSpec = Json(spec),
            Seed = 11,
            NumPaths = paths,
            HorizonDays = horizon,
            SnapshotHash = "sha256:0",
            ContentHash = "sha256:0",
            Snapshot = snapshot,
        };
}
