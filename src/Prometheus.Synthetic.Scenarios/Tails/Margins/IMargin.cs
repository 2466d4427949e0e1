using System.Text.Json.Nodes;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>The fitted distribution of one series. Pure and thread-safe; values are in the series' own unit.</summary>
public interface IMargin
{
    /// <summary>P(X ≤ x), kept in the open interval (0, 1).</summary>
    double Cdf(double x);

    /// <summary>The x with P(X ≤ x) = u, u in (0, 1).</summary>
    double Quantile(double u);

    /// <summary>Replaces uniforms by quantiles: element by element <see cref="Quantile"/>, perhaps by table.</summary>
    /// <param name="stride">Distance of the elements, 1 or more.</param>
    void Transform(Span<double> uniforms, int stride);

    /// <summary>What was fitted, with its warnings, for the set's metadata.</summary>
    JsonObject Describe();
}
