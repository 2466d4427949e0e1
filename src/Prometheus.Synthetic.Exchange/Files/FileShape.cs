using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>What the first reading of a file has found: how many paths of how many steps over which drivers.</summary>
/// <param name="Drivers">The K drivers in canonical order.</param>
/// <param name="Columns">Place in <paramref name="Drivers"/> by the number in <see cref="FileDrivers"/>.</param>
internal sealed record FileShape(int NumPaths, int HorizonDays, IReadOnlyList<Driver> Drivers, int[] Columns)
{
    public int Width => Drivers.Count;

    public int PathsPerChunk { get; } = GivenPathChunk.PathsPerChunk(HorizonDays, Drivers.Count);

    public int Chunks => (NumPaths + PathsPerChunk - 1) / PathsPerChunk;

    public int FirstPath(int chunk) => chunk * PathsPerChunk;

    public int PathCount(int chunk) => Math.Min(PathsPerChunk, NumPaths - FirstPath(chunk));

    public static FileShape Of(FileSurvey survey, IReadOnlyList<Driver> drivers)
    {
        var places = drivers.Select((d, k) => (d, k)).ToDictionary(p => (p.d.Kind, p.d.Id), p => p.k);
        return new FileShape(
            survey.NumPaths,
            survey.HorizonDays,
            drivers,
            [.. Enumerable.Range(0, survey.FileDrivers.Count).Select(n => places[survey.FileDrivers[n]])]
        );
    }
}
