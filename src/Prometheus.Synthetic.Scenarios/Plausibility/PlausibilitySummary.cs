using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Plausibility;

/// <summary>The plausibility of a set's first paths, for its record.</summary>
public static class PlausibilitySummary
{
    /// <summary>So many paths are looked at; every path carries its own figures.</summary>
    public const int MaxPaths = 256;

    public static JsonObject Of(int numPaths, Func<int, PathPlausibility> assess) =>
        Of([.. Enumerable.Range(0, Math.Min(numPaths, MaxPaths)).Select(assess)]);

    public static JsonObject Of(IReadOnlyList<PathPlausibility> paths)
    {
        int count = paths.Count;
        return new JsonObject
        {
            ["paths_assessed"] = count,
            ["dimension"] = paths[0].Dimension,
            ["horizon_distance"] = Spread([.. paths.Select(p => p.HorizonDistance)]),
            ["path_distance"] = Spread([.. paths.Select(p => p.PathDistance)]),
            ["worst_day_distance"] = Spread([.. paths.Select(p => p.WorstDistance)]),
            ["worst_day_empirical_tail"] = Spread([.. paths.Select(p => p.EmpiricalTail)]),
            ["nearest_days"] = new JsonArray([
                .. paths
                    .SelectMany(p => p.NearestDays.Take(1))
                    .GroupBy(n => n.Date)
                    .OrderByDescending(g => g.Count())
                    .ThenBy(g => g.Key)
                    .Take(5)
                    .Select(g => new JsonObject { ["date"] = g.Key.ToString("yyyy-MM-dd"), ["paths"] = g.Count() }),
            ]),
            ["drivers"] = new JsonArray([
                .. paths
                    .SelectMany(p => p.Contributions)
                    .GroupBy(c => c.Name, StringComparer.Ordinal)
                    .Select(g => (Name: g.Key, Share: g.Sum(c => c.Share) / count))
                    .OrderByDescending(g => Math.Abs(g.Share))
                    .ThenBy(g => g.Name, StringComparer.Ordinal)
                    .Take(10)
                    .Select(g => new JsonObject { ["driver"] = g.Name, ["mean_share"] = g.Share }),
            ]),
        };
    }

    private static JsonObject Spread(double[] values)
    {
        Array.Sort(values);
        return new JsonObject
        {
            ["min"] = values[0],
            ["median"] = values[values.Length / 2],
            ["max"] = values[^1],
        };
    }
}
