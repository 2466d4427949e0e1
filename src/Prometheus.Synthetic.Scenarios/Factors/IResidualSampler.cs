using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// Draws the instruments' residuals ε. Pure: the values are a function of the path number alone. Thread-safe; allocates
/// nothing per path.
/// </summary>
public interface IResidualSampler
{
    /// <summary>
    /// Rows (paths × steps) that are best drawn at once: few where rows are copied and should stay in the cache, many
    /// where columns are drawn one after the other. Values do not depend on it.
    /// </summary>
    int RowsAtOnce { get; }

    /// <param name="firstPath">First path number.</param>
    /// <param name="paths">Number of paths.</param>
    /// <param name="steps">Steps H per path.</param>
    /// <param name="destination">paths × H rows, row r at r · <paramref name="stride"/>; the first N values of each are written.</param>
    /// <param name="stride">Distance of rows, ≥ N.</param>
    void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride);

    /// <summary>The historical date behind each step's whole row of residuals, or null.</summary>
    IReadOnlyList<DateOnly>? SourceDates(int path, int steps);

    /// <summary>What was drawn from what, for the set's metadata.</summary>
    JsonObject Report { get; }
}
