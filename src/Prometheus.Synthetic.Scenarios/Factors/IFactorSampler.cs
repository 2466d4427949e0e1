using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Factors;

/// <summary>
/// Draws the sampled columns of a path: factor returns and, where asked for, macro level changes, before any stress.
/// Pure: the values are a function of the path number alone. Thread-safe; allocates nothing.
/// </summary>
public interface IFactorSampler
{
    /// <param name="path">Path number.</param>
    /// <param name="steps">Receives H × C values, step after step, columns in the panel's order.</param>
    void Fill(int path, Span<double> steps);

    /// <summary>The historical date behind each step, or null where no single day stands behind it.</summary>
    IReadOnlyList<DateOnly>? SourceDates(int path, int steps);

    /// <summary>What was drawn from what, for the set's metadata.</summary>
    JsonObject Report { get; }
}
