using System.Globalization;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Puts the cells of one chunk of paths in their places and says what is given twice and what is missing. One chunk is in
/// memory at a time.
/// </summary>
/// <param name="toldBefore">Rows of the file were refused: cells are missing for that reason and are not told again.</param>
internal sealed class ChunkBuilder(FileShape shape, RowErrors errors, bool toldBefore)
{
    private double[] _values = [];
    private byte[]?[] _annotations = [];
    private int _first;
    private int _given;

    /// <summary>Begins a chunk; nothing of it is there.</summary>
    public void Begin(int chunk)
    {
        _first = shape.FirstPath(chunk);
        _values = new double[shape.PathCount(chunk) * shape.HorizonDays * shape.Width];
        // A shock is a number, so that what is not one was not given.
        Array.Fill(_values, double.NaN);
        _annotations = new byte[]?[shape.PathCount(chunk)];
        _given = 0;
    }

    /// <summary>Values of consecutive steps; those of a row that repeats what is there are refused together.</summary>
    /// <param name="driver">Its place among the set's drivers.</param>
    public void Place(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ref double cell = ref _values[At(path, firstStep + i, driver)];
            if (!double.IsNaN(cell))
            {
                string id = shape.Drivers[driver].Id;
                errors.Add(
                    ErrorCodes.Conflict,
                    values.Length == 1 ? SetFileColumns.Step : SetFileColumns.Path,
                    values.Length == 1
                        ? Text($"row {row}: path {path}, driver {id}, step {firstStep} is given twice")
                        : Text($"row {row}: path {path}, driver {id} is given twice")
                );
                return;
            }

            cell = values[i];
            _given++;
        }
    }

    public void Annotate(long row, int path, PathAnnotation annotation)
    {
        if (_annotations[path - _first] is not null)
            errors.Add(
                ErrorCodes.Conflict,
                SetFileColumns.Annotation,
                Text($"row {row}: path {path} is annotated twice")
            );
        else if (annotation.Probability is { } p && !(p >= 0 && p <= 1))
            errors.Add(
                ErrorCodes.OutOfRange,
                SetFileColumns.Annotation,
                Text($"row {row}: path {path} has the probability {p:R}; allowed are 0..1")
            );
        else if (annotation.Cells.FirstOrDefault(IsOutside) is { } mark)
            errors.Add(
                ErrorCodes.OutOfRange,
                SetFileColumns.Annotation,
                Text(
                    $"row {row}: path {path} marks step {mark.Step} of driver {mark.Driver}; there are steps 1..{shape.HorizonDays} and drivers 0..{shape.Width - 1}, -1 for all"
                )
            );
        else
            _annotations[path - _first] = PathAnnotationJson.Bytes(annotation);
    }

    /// <summary>The chunk, or null when anything is wrong with the file so far.</summary>
    public GivenPathChunk? Finish()
    {
        if (_given < _values.Length && !toldBefore)
            FindHoles();
        return errors.Any ? null : new GivenPathChunk(_first, _values, [.. _annotations.Select(a => a.AsMemory())]);
    }

    private bool IsOutside(CellMark mark) =>
        mark.Step < 1 || mark.Step > shape.HorizonDays || mark.Driver < -1 || mark.Driver >= shape.Width;

    private void FindHoles()
    {
        for (int path = _first; path < _first + _annotations.Length; path++)
        {
            for (int driver = 0; driver < shape.Width; driver++)
            {
                int steps = 0;
                int hole = 0;
                for (int step = 1; step <= shape.HorizonDays; step++)
                {
                    if (!double.IsNaN(_values[At(path, step, driver)]))
                        steps++;
                    else if (hole == 0)
                        hole = step;
                }

                if (hole == 0)
                    continue;
                string id = shape.Drivers[driver].Id;
                errors.Add(
                    ErrorCodes.BadData,
                    SetFileColumns.Return,
                    steps == 0
                        ? Text(
                            $"path {path}, driver {id} is missing; every path holds every driver (paths are numbered 0..{shape.NumPaths - 1})"
                        )
                        : Text(
                            $"path {path}, driver {id}: step {hole} is missing; every row holds steps 1..{shape.HorizonDays}"
                        )
                );
            }
        }
    }

    private int At(int path, int step, int driver) =>
        ((path - _first) * shape.HorizonDays + step - 1) * shape.Width + driver;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
