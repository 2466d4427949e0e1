using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Dependence;

/// <summary>A copula of K variables that can be drawn from. Thread-safe; draws are pure functions of their address.</summary>
public interface ICopula
{
    /// <summary>Number K of variables.</summary>
    int Width { get; }

    /// <summary>Fills rows of K uniforms in (0, 1), row r = (path, step) = (firstPath + r / steps, r mod steps).</summary>
    /// <param name="lane">Separates copulas drawn for different parts of the same step.</param>
    /// <param name="rows">Rows × K, rows a multiple of <paramref name="steps"/>.</param>
    void Fill(PhiloxStream stream, ushort lane, int firstPath, int steps, Span<double> rows);

    /// <summary>
    /// Rosenblatt's transform: if the rows follow this copula, the result is independent uniforms. In place.
    /// </summary>
    void Rosenblatt(Span<double> rows);

    /// <summary>What was fitted, for the set's metadata.</summary>
    JsonObject Describe();
}
