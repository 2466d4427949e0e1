using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Custom;

/// <summary>
/// Given paths whole in memory. Sets that were imported before <see cref="ChunkedPaths"/> have them inside their snapshot;
/// they are read as long as such sets are kept. Immutable.
/// </summary>
public sealed class GivenPaths : IGivenPaths
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

    public int NumPaths { get; }

    public int HorizonDays { get; }

    /// <summary>Number of drivers K.</summary>
    public int Width { get; }

    /// <summary>All values, [path][step 1..H][driver].</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>One per path, or empty when no path has any.</summary>
    public IReadOnlyList<PathAnnotation?> Annotations { get; }

    public int AnnotatedPaths => Annotations.Count(a => a is not null);

    public PathAnnotation?[] Read(int first, int count, Span<double> destination)
    {
        int cells = HorizonDays * Width;
        _values.AsSpan(first * cells, count * cells).CopyTo(destination);
        return [.. Enumerable.Range(first, count).Select(Describe)];
    }

    public PathAnnotation? Describe(int path) => Annotations.Count == 0 ? null : Annotations[path];
}
