using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>N(mean, deviation²): thin tails, for comparison.</summary>
public sealed class NormalMargin(double mean, double deviation) : IMargin
{
    public double Cdf(double x) =>
        Math.Clamp(StandardNormal.Cdf((x - mean) / deviation), double.Epsilon, Uniforms.Largest);

    public double Quantile(double u) => mean + deviation * StandardNormal.Quantile(u);

    public void Transform(Span<double> uniforms, int stride)
    {
        for (int i = 0; i < uniforms.Length; i += stride)
            uniforms[i] = Quantile(uniforms[i]);
    }

    public JsonObject Describe() =>
        new()
        {
            ["kind"] = "normal",
            ["mean"] = mean,
            ["deviation"] = deviation,
        };
}
