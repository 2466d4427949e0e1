using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Engine.Verification;

/// <summary>Whether two lists of drivers are the same in all that the content hash covers. Others cannot be compared by cell.</summary>
internal static class DriverComparison
{
    /// <returns>The first driver that differs, in words, or null.</returns>
    public static string? Problem(IReadOnlyList<Driver> recomputed, IReadOnlyList<Driver> stored)
    {
        for (int i = 0; i < Math.Max(recomputed.Count, stored.Count); i++)
        {
            string one = i < recomputed.Count ? Text(recomputed[i]) : "nothing";
            string other = i < stored.Count ? Text(stored[i]) : "nothing";
            if (one != other)
                return $"driver {i}: recomputed {one}, stored {other}";
        }

        return null;
    }

    private static string Text(Driver d) =>
        CanonicalJson.Text(
            JsonSerializer.SerializeToElement(
                new
                {
                    d.Kind,
                    d.Id,
                    d.Unit,
                    d.BaseLevel,
                }
            )
        );
}
