using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// Paths that nobody generated: brought in from a file or written by hand. They are part of the calibration snapshot, so
/// that a set made of them is content-addressed, verified and rehydrated like every other set. Immutable.
/// </summary>
public sealed class GivenPaths
{
    private readonly double[] _values;

    /// <param name="drivers">The K drivers in canonical order.</param>
    /// <param name="horizonDays">Steps H per path, 1..60.</param>
    /// <param name="values">N·H·K values laid out [path][step 1..H][driver].</param>
    /// <param name="annotations">One per path, or empty when no path has any.</param>
    /// <exception cref="ScenarioRefusedException">A value is impossible (not finite, or a return ≤ −1); names path, driver, step.</exception>
    public GivenPaths(
        IReadOnlyList<Driver> drivers,
        int horizonDays,
        double[] values,
        IReadOnlyList<PathAnnotation?> annotations
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonDays, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(horizonDays, GenerationShape.MaxHorizonDays);
        int cells = horizonDays * drivers.Count;
        if (cells == 0 || values.Length == 0 || values.Length % cells != 0)
            throw new ArgumentException($"{values.Length} values are no whole paths of {cells} cells.", nameof(values));
        NumPaths = values.Length / cells;
        if (annotations.Count != 0 && annotations.Count != NumPaths)
            throw new ArgumentException($"{annotations.Count} annotations for {NumPaths} paths.", nameof(annotations));
        for (int i = 0; i < values.Length; i++)
        {
            Driver driver = drivers[i % drivers.Count];
            if (!double.IsFinite(values[i]) || (driver.Kind != DriverKind.Macro && values[i] <= -1.0))
                throw new ScenarioRefusedException(
                    ErrorCodes.BadData,
                    "return",
                    $"path {i / cells}, driver {driver.Id}, step {i / drivers.Count % horizonDays + 1}: {values[i]:R} is impossible; a shock is finite, a return above -1"
                );
        }

        HorizonDays = horizonDays;
        Width = drivers.Count;
        _values = values;
        Annotations = annotations;
    }

    /// <summary>Number of paths N.</summary>
    public int NumPaths { get; }

    /// <summary>Steps per path H.</summary>
    public int HorizonDays { get; }

    /// <summary>Number of drivers K.</summary>
    public int Width { get; }

    /// <summary>All values, [path][step 1..H][driver].</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One per path, or empty when no path has any.</summary>
    public IReadOnlyList<PathAnnotation?> Annotations { get; }
}
