using System.Globalization;
using System.Text;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Takes the rows of a file, whatever its form. What a row says by itself is checked here: two ids or none, impossible
/// values, a baseline that is not zero, steps and paths out of range. A file is read twice, and only the first time is told
/// of such rows; the second passes over them.
/// </summary>
/// <param name="maxPaths">Limit on paths.</param>
/// <param name="errors">Where what is wrong with rows goes; null when it has been told.</param>
internal abstract class RowSink(FileDrivers drivers, int maxPaths, RowErrors? errors)
{
    private const int MaxSteps = GenerationShape.MaxHorizonDays;

    protected FileDrivers Drivers => drivers;

    /// <summary>Whether <see cref="DrainAsync"/> must run before the next row.</summary>
    public virtual bool Full => false;

    /// <summary>Writes what has gathered.</summary>
    public virtual Task DrainAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>One cell.</summary>
    /// <param name="row">Number of the row in the file, from 1.</param>
    /// <param name="step">0..60; step 0 is the baseline.</param>
    public void AddCell(long row, int path, int step, string? instrument, string? factor, string? macro, double value)
    {
        if (!CheckDriver(row, instrument, factor, macro, out int driver) || !CheckPath(row, path))
            return;
        if (step is < 0 or > MaxSteps)
            Refuse(ErrorCodes.OutOfRange, SetFileColumns.Step, row, $"step {step} is outside 0..{MaxSteps}");
        else if (step > 0 && CheckValue(row, driver, value))
            Take(row, path, driver, step, [value]);
        else if (step == 0 && value != 0)
            Refuse(
                ErrorCodes.BadData,
                SetFileColumns.Return,
                row,
                Invariant($"the baseline (step 0) is {value:R}; it is always 0")
            );
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
        if (!CheckDriver(row, instrument, factor, macro, out int driver) || !CheckPath(row, path))
            return;
        if (values.Length is < 1 or > MaxSteps)
        {
            Refuse(
                ErrorCodes.OutOfRange,
                SetFileColumns.Returns,
                row,
                $"{values.Length} steps; allowed are 1..{MaxSteps}"
            );
            return;
        }

        foreach (double value in values)
        {
            if (!CheckValue(row, driver, value))
                return;
        }

        Take(row, path, driver, 1, values);
    }

    /// <summary>What is to be said of a path beyond its numbers, as <see cref="PathAnnotationJson"/> has it.</summary>
    public void AddAnnotation(long row, int path, string json)
    {
        if (!CheckPath(row, path))
            return;
        try
        {
            Annotate(row, path, PathAnnotationJson.Parse(Encoding.UTF8.GetBytes(json)));
        }
        catch (FormatException e)
        {
            Refuse(ErrorCodes.WrongType, SetFileColumns.Annotation, row, e.Message);
        }
    }

    /// <summary>Something is wrong with one row by itself.</summary>
    public void Refuse(string code, string column, long row, string message) =>
        errors?.Add(code, column, Invariant($"row {row}: {message}"));

    /// <summary>Values of consecutive steps that are possible by themselves.</summary>
    /// <param name="driver">Its number in <see cref="Drivers"/>.</param>
    /// <param name="firstStep">1..60.</param>
    protected abstract void Take(long row, int path, int driver, int firstStep, ReadOnlySpan<double> values);

    protected abstract void Annotate(long row, int path, PathAnnotation annotation);

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private bool CheckDriver(long row, string? instrument, string? factor, string? macro, out int driver)
    {
        if (FileDrivers.Key(instrument, factor, macro) is { } key)
        {
            driver = drivers.NumberOf(key);
            return true;
        }

        driver = -1;
        int given = new[] { instrument, factor, macro }.Count(id => !string.IsNullOrEmpty(id));
        Refuse(
            ErrorCodes.Conflict,
            SetFileColumns.Instrument,
            row,
            $"{given} of instrument_id, factor_id and macro_id are given; exactly one names the driver"
        );
        return false;
    }

    private bool CheckPath(long row, int path)
    {
        if (path >= 0 && path < maxPaths)
            return true;
        if (path < 0)
            Refuse(
                ErrorCodes.OutOfRange,
                SetFileColumns.Path,
                row,
                $"path {path} is no path number; they count from 0"
            );
        else
            Refuse(
                ErrorCodes.OverLimit,
                SetFileColumns.Path,
                row,
                $"path {path}: paths are numbered from 0 and a set has at most {maxPaths} (SYNTHETIC_LIMITS__MAXPATHS)"
            );
        return false;
    }

    private bool CheckValue(long row, int driver, double value)
    {
        bool possible = double.IsFinite(value) && (value > -1.0 || drivers[driver].Kind == DriverKind.Macro);
        if (!possible)
            Refuse(
                ErrorCodes.BadData,
                SetFileColumns.Return,
                row,
                Invariant($"driver {drivers[driver].Id}: {value:R} is impossible; a shock is finite, a return above -1")
            );
        return possible;
    }
}
