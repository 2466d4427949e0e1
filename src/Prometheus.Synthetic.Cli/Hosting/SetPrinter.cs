using System.Globalization;
using System.Text.Json;
using Prometheus.Synthetic.Storage.Documents;

namespace Prometheus.Synthetic.Cli.Hosting;

/// <summary>A set as commands show it.</summary>
public static class SetPrinter
{
    public static void Print(CliContext cli, ScenarioSetDocument set, bool existed, bool json)
    {
        if (json)
        {
            cli.Console.WriteJson(set);
            return;
        }

        foreach ((string label, string value) in Lines(set))
            cli.Console.WriteLine($"{label, -12} {value}");
        if (existed)
            cli.Console.WriteLine(
                "The set existed: an identical request had made it; it was announced again, not made again."
            );
    }

    private static IEnumerable<(string Label, string Value)> Lines(ScenarioSetDocument set)
    {
        yield return ("set", $"{set.Name} version {set.Version}");
        yield return ("id", set.Id.ToString());
        yield return ("category", set.Category + (set.DefensiveTest ? " (defensive test)" : string.Empty));
        yield return (
            "shape",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{set.NumPaths} paths × {set.HorizonDays} steps × {set.Drivers.Total} drivers"
            )
        );
        yield return ("cells", set.Cells.ToString("N0", CultureInfo.InvariantCulture));
        if (set.SealedAt is { } at)
            yield return ("seconds", (at - set.CreatedAt).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
        yield return ("as of", set.AsOfDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        yield return ("history", $"{set.BaseDateStart:yyyy-MM-dd} to {set.BaseDateEnd:yyyy-MM-dd}");
        yield return ("seed", set.Seed.ToString(CultureInfo.InvariantCulture));
        yield return ("content", set.ContentHash ?? "-");
        yield return ("snapshot", set.SnapshotHash);
        if (set.Supersedes is { } earlier)
            yield return ("supersedes", earlier.ToString());
    }
}
