using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Puts rows of a file, in whatever order they come, together into whole paths. What is wrong collects with the row's
/// number, so that one attempt shows all of it: two ids in a row or none, duplicate cells, impossible values, a baseline
/// that is not zero, steps out of range; at the end holes.
/// </summary>
internal sealed class PathAssembler(long maxCells)
{
    private const int MaxErrors = 20;
    private const int MaxSteps = GenerationShape.MaxHorizonDays;
    private readonly Dictionary<(DriverKind Kind, string Id), int> _drivers = [];
    private readonly List<(DriverKind Kind, string Id)> _byNumber = [];
    private readonly Dictionary<(int Path, int Driver), double[]> _rows = [];
    private readonly Dictionary<int, PathAnnotation> _annotations = [];
    private readonly List<FieldError> _errors = [];
    private long _cells;
    private int _lastPath = -1;
    private int _horizon;

    /// <summary>The drivers that the rows name, in canonical order.</summary>
    public IReadOnlyList<(DriverKind Kind, string Id)> Drivers =>
        [.. _drivers.Keys.OrderBy(d => d.Kind).ThenBy(d => d.Id, StringComparer.Ordinal)];

    /// <summary>One cell.</summary>
    /// <param name="row">Number of the row in the file, from 1.</param>
    /// <param name="step">0..60; step 0 is the baseline.</param>
    public void AddCell(long row, int path, int step, string? instrument, string? factor, string? macro, double value)
    {
        if (Driver(row, instrument, factor, macro) is not { } driver || !CheckPath(row, path))
            return;
        if (step is < 0 or > GenerationShape.MaxHorizonDays)
        {
            Refuse(
                ErrorCodes.OutOfRange,
                SetFileColumns.Step,
                row,
                $"step {step} is outside 0..{GenerationShape.MaxHorizonDays}"
            );
            return;
        }

        if (step == 0)
        {
            if (value != 0)
                Refuse(
                    ErrorCodes.BadData,
                    SetFileColumns.Return,
                    row,
                    Invariant($"the baseline (step 0) is {value:R}; it is always 0")
                );
            return;
        }

        if (!CheckValue(row, driver, value))
            return;
        double[] steps = Row(path, driver, step);
        if (!double.IsNaN(steps[step - 1]))
        {
            Refuse(
                ErrorCodes.Conflict,
                SetFileColumns.Step,
                row,
                $"path {path}, driver {Name(driver)}, step {step} is given twice"
            );
            return;
        }

        steps[step - 1] = value;
        Count(1, step, path);
    }

    /// <summary>All steps of one path and driver, 1..H.</summary>
    public void AddArray(
        long row,
        int path,
        string? instrument,
        string? factor,
        string? macro,
        ReadOnlySpan<double> values
    )
    {
        if (Driver(row, instrument, factor, macro) is not { } driver || !CheckPath(row, path))
            return;
        if (values.Length is < 1 or > GenerationShape.MaxHorizonDays)
        {
            Refuse(
                ErrorCodes.OutOfRange,
                SetFileColumns.Returns,
                row,
                $"{values.Length} steps; allowed are 1..{GenerationShape.MaxHorizonDays}"
            );
            return;
        }

        foreach (double value in values)
        {
            if (!CheckValue(row, driver, value))
                return;
        }

        if (_rows.ContainsKey((path, driver)))
        {
            Refuse(ErrorCodes.Conflict, SetFileColumns.Path, row, $"path {path}, driver {Name(driver)} is given twice");
            return;
        }

        values.CopyTo(Row(path, driver, values.Length));
        Count(values.Length, values.Length, path);
    }

    /// <summary>What is to be said of a path beyond its numbers, as <see cref="PathAnnotationJson"/> has it.</summary>
    public void AddAnnotation(long row, int path, string json)
    {
        if (!CheckPath(row, path))
            return;
        try
        {
            if (!_annotations.TryAdd(path, PathAnnotationJson.Parse(Encoding.UTF8.GetBytes(json))))
                Refuse(ErrorCodes.Conflict, SetFileColumns.Annotation, row, $"path {path} is annotated twice");
        }
        catch (FormatException e)
        {
            Refuse(ErrorCodes.WrongType, SetFileColumns.Annotation, row, e.Message);
        }
    }

    public void Refuse(string code, string column, long row, string message)
    {
        if (_errors.Count < MaxErrors)
            _errors.Add(new FieldError(code, column, $"row {row}: {message}"));
        if (_errors.Count == MaxErrors)
            throw new ScenarioRefusedException([.. _errors]);
    }

    /// <summary>The whole paths.</summary>
    /// <param name="drivers">Every driver of the rows, in canonical order, with unit and base level.</param>
    /// <exception cref="ScenarioRefusedException">Everything that was wrong with the rows, and holes.</exception>
    public GivenPaths Finish(IReadOnlyList<Driver> drivers)
    {
        ThrowIfRefused();
        int paths = _lastPath + 1;
        FindHoles(paths, drivers);
        double[] values = new double[checked(paths * _horizon * drivers.Count)];
        for (int k = 0; k < drivers.Count; k++)
        {
            int driver = _drivers[(drivers[k].Kind, drivers[k].Id)];
            for (int path = 0; path < paths; path++)
            {
                // Taken out as it is copied: the rows and the whole are not in memory both.
                _rows.Remove((path, driver), out double[]? steps);
                for (int step = 0; step < _horizon; step++)
                    values[(path * _horizon + step) * drivers.Count + k] = steps![step];
            }
        }

        PathAnnotation?[] annotations =
            _annotations.Count == 0
                ? []
                : [.. Enumerable.Range(0, paths).Select(p => _annotations.GetValueOrDefault(p))];
        return new GivenPaths(drivers, _horizon, values, annotations);
    }

    /// <exception cref="ScenarioRefusedException">Anything was refused so far, or there were no rows.</exception>
    public void ThrowIfRefused()
    {
        if (_errors.Count > 0)
            throw new ScenarioRefusedException([.. _errors]);
        if (_rows.Count == 0)
            throw new ScenarioRefusedException(ErrorCodes.Missing, "file", "holds no path; nothing can be imported");
    }

    private void FindHoles(int paths, IReadOnlyList<Driver> drivers)
    {
        // Every wanted row that is there is counted, so the search ends after at most one more than there are rows.
        for (int path = 0; path < paths && _errors.Count < MaxErrors; path++)
        {
            foreach (Driver driver in drivers)
            {
                int step = _rows.TryGetValue((path, _drivers[(driver.Kind, driver.Id)]), out double[]? steps)
                    ? FirstHole(steps)
                    : 0;
                if (step < 0)
                    continue;
                _errors.Add(
                    new FieldError(
                        ErrorCodes.BadData,
                        SetFileColumns.Return,
                        steps is null
                            ? $"path {path}, driver {driver.Id} is missing; every path holds every driver (paths are numbered 0..{paths - 1})"
                            : $"path {path}, driver {driver.Id}: step {step + 1} is missing; every row holds steps 1..{_horizon}"
                    )
                );
                if (_errors.Count == MaxErrors)
                    break;
            }
        }

        foreach (int path in _annotations.Keys.Where(p => p >= paths))
            _errors.Add(
                new FieldError(
                    ErrorCodes.BadData,
                    SetFileColumns.Annotation,
                    $"path {path} is annotated but has no values"
                )
            );
        if (_errors.Count > 0)
            throw new ScenarioRefusedException([.. _errors]);
    }

    /// <summary>Position of the first missing step, −1 when the row is whole.</summary>
    private int FirstHole(double[] steps)
    {
        int hole = Array.FindIndex(steps, 0, Math.Min(steps.Length, _horizon), double.IsNaN);
        return hole < 0 && steps.Length < _horizon ? steps.Length : hole;
    }

    private int? Driver(long row, string? instrument, string? factor, string? macro)
    {
        instrument = Given(instrument);
        factor = Given(factor);
        macro = Given(macro);
        int given = (instrument is null ? 0 : 1) + (factor is null ? 0 : 1) + (macro is null ? 0 : 1);
        if (given != 1)
        {
            Refuse(
                ErrorCodes.Conflict,
                SetFileColumns.Instrument,
                row,
                $"{given} of instrument_id, factor_id and macro_id are given; exactly one names the driver"
            );
            return null;
        }

        (DriverKind, string) key =
            instrument is not null ? (DriverKind.Instrument, instrument)
            : factor is not null ? (DriverKind.Factor, factor)
            : (DriverKind.Macro, macro!);
        if (!_drivers.TryGetValue(key, out int number))
        {
            _drivers[key] = number = _drivers.Count;
            _byNumber.Add(key);
        }

        return number;
    }

    private static string? Given(string? id) => string.IsNullOrEmpty(id) ? null : id;

    private bool CheckPath(long row, int path)
    {
        if (path >= 0 && path < maxCells)
            return true;
        Refuse(ErrorCodes.OutOfRange, SetFileColumns.Path, row, $"path {path} is no path number; they count from 0");
        return false;
    }

    private bool CheckValue(long row, int driver, double value)
    {
        bool possible = double.IsFinite(value) && (KindOf(driver) == DriverKind.Macro || value > -1.0);
        if (!possible)
            Refuse(
                ErrorCodes.BadData,
                SetFileColumns.Return,
                row,
                Invariant($"driver {Name(driver)}: {value:R} is impossible; a shock is finite, a return above -1")
            );
        return possible;
    }

    /// <summary>The steps of a row so far, at least so many; NaN where none is given. Longer only when a later step comes.</summary>
    private double[] Row(int path, int driver, int length)
    {
        ref double[]? steps = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (path, driver), out _);
        int known = steps?.Length ?? 0;
        if (known < length)
        {
            // As long as the longest row, so that cells in step order grow the first row only.
            Array.Resize(ref steps, Math.Min(Math.Max(Math.Max(length, _horizon), 2 * known), MaxSteps));
            Array.Fill(steps, double.NaN, known, steps.Length - known);
        }

        return steps!;
    }

    private void Count(int cells, int lastStep, int path)
    {
        _cells += cells;
        if (_cells > maxCells)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "file",
                $"holds more than {maxCells} cells (paths × steps × drivers), the limit for an import; split it"
            );
        _horizon = Math.Max(_horizon, lastStep);
        _lastPath = Math.Max(_lastPath, path);
    }

    private DriverKind KindOf(int driver) => _byNumber[driver].Kind;

    private string Name(int driver) => _byNumber[driver].Id;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
