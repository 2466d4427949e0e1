using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;
using Prometheus.Synthetic.Storage.Snapshots;

namespace Prometheus.Synthetic.Cli.Charts;

/// <summary>A driver of a set and its position in the set's order.</summary>
public readonly record struct SetDriver(int Position, Driver Driver);

/// <summary>The paths of a set and the history it was made from, as charts want them.</summary>
public sealed class SetSeries
{
    private readonly PathReader _paths;

    private SetSeries(ScenarioSetDocument set, IReadOnlyList<SetDriver> drivers, ShockPanel history, PathReader paths)
    {
        Set = set;
        Drivers = drivers;
        History = history;
        _paths = paths;
    }

    public ScenarioSetDocument Set { get; }

    public IReadOnlyList<SetDriver> Drivers { get; }

    /// <summary>The calibration panel, as frozen for the set.</summary>
    public ShockPanel History { get; }

    /// <exception cref="ScenarioRefusedException">The set has no visible paths.</exception>
    public static async Task<SetSeries> OpenAsync(EngineScope engine, ScenarioSetDocument set, CancellationToken ct)
    {
        RequirePaths(set);
        IReadOnlyList<Driver> drivers = await engine.Get<ScenarioSetStore>().DriversAsync(set.Id, ct);
        CalibrationSnapshot snapshot = await engine.Get<SnapshotStore>().LoadAsync(set.SnapshotHash, ct);
        return new(set, [.. drivers.Select((d, i) => new SetDriver(i, d))], snapshot.Panel, engine.Get<PathReader>());
    }

    /// <exception cref="ScenarioRefusedException">The set is not sealed, or its paths were dropped.</exception>
    public static void RequirePaths(ScenarioSetDocument set)
    {
        if (set.Status != ScenarioSetStatus.Sealed)
            throw new ScenarioRefusedException(
                ErrorCodes.WrongState,
                "set",
                $"{set.Name} ({set.Id}) is {set.Status.ToString().ToUpperInvariant()}: only a sealed set has paths to read"
            );
    }

    /// <summary>The drivers named, in the order given.</summary>
    /// <exception cref="ScenarioRefusedException">One is not in the set.</exception>
    public static IReadOnlyList<SetDriver> Select(IReadOnlyList<SetDriver> drivers, IReadOnlyList<string> ids)
    {
        var errors = new List<FieldError>();
        var chosen = new List<SetDriver>();
        foreach (string id in ids)
        {
            int at = drivers.ToList().FindIndex(d => d.Driver.Id == id);
            if (at >= 0)
            {
                chosen.Add(drivers[at]);
                continue;
            }

            errors.Add(
                new(
                    ErrorCodes.NotFound,
                    "--driver",
                    $"'{id}' is not one of the set's {drivers.Count} drivers, e.g. {drivers[0].Driver.Id}"
                        + Spelling.Suggest(id, drivers.Select(d => d.Driver.Id))
                )
            );
        }

        return errors.Count == 0 ? chosen : throw new ScenarioRefusedException(errors);
    }

    /// <summary>Every path of a driver, H shocks each.</summary>
    public async Task<List<double[]>> PathsAsync(SetDriver driver, CancellationToken ct)
    {
        var paths = new List<double[]>(Set.NumPaths);
        await foreach (double[] path in _paths.DriverAsync(Set.Id, driver.Driver, driver.Position, ct))
            paths.Add(path);
        return paths;
    }

    /// <summary>The history of a driver, one shock a day.</summary>
    public double[] HistoryOf(SetDriver driver)
    {
        int column = History.IndexOf(driver.Driver.Kind, driver.Driver.Id);
        return column >= 0 ? History.Column(column) : [];
    }
}
