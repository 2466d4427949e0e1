using Prometheus.Synthetic.Engine.Requests;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// The first reading of a file: which drivers, paths and steps there are, in which order they come, and every row that is
/// wrong by itself. Nothing is kept of the rows.
/// </summary>
internal sealed class FileSurvey : RowSink
{
    private readonly RequestLimits _limits;
    private readonly RowErrors _errors;
    private long _cells;
    private int _lastPath = -1;
    private int _previousPath;
    private int _lastAnnotated = -1;

    public FileSurvey(RequestLimits limits, RowErrors errors)
        : base(new FileDrivers(), limits.MaxPaths, errors)
    {
        _limits = limits;
        _errors = errors;
    }

    public FileDrivers FileDrivers => Drivers;

    public int NumPaths => _lastPath + 1;

    public int HorizonDays { get; private set; }

    /// <summary>Whether no row belongs to an earlier path than the row before it.</summary>
    public bool PathByPath { get; private set; } = true;

    /// <summary>Whether the file can be a set at all; what is wrong otherwise, rows included.</summary>
    /// <exception cref="ScenarioRefusedException">No path, more than a set may have, or an annotated path without values.</exception>
    public void Finish()
    {
        if (_cells == 0)
        {
            _errors.ThrowIfAny();
            throw SetFile.Refused("holds no path; nothing can be imported", ErrorCodes.Missing);
        }

        long cells = (long)NumPaths * HorizonDays * Drivers.Count;
        if (cells > _limits.MaxCells)
            throw TooMany(Invariant($"{NumPaths} paths × {HorizonDays} steps × {Drivers.Count} drivers = {cells}"));
        if (_lastAnnotated >= NumPaths)
            _errors.Add(
                ErrorCodes.BadData,
                SetFileColumns.Annotation,
                Invariant($"path {_lastAnnotated} is annotated but has no values")
            );
    }

    protected override void Take(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values)
    {
        _cells += values.Length;
        if (_cells > _limits.MaxCells)
            throw TooMany(Invariant($"more than {_limits.MaxCells}"));
        HorizonDays = Math.Max(HorizonDays, firstStep + values.Length - 1);
        _lastPath = Math.Max(_lastPath, path);
        See(path);
    }

    protected override void Annotate(long row, int path, PathAnnotation annotation)
    {
        _lastAnnotated = Math.Max(_lastAnnotated, path);
        See(path);
    }

    private void See(int path)
    {
        PathByPath &= path >= _previousPath;
        _previousPath = path;
    }

    private ScenarioRefusedException TooMany(string cells) =>
        SetFile.Refused(
            Invariant($"holds {cells} cells; the limit is {_limits.MaxCells} (SYNTHETIC_LIMITS__MAXCELLS)"),
            ErrorCodes.OverLimit
        );
}
