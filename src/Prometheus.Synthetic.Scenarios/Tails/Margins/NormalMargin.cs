using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>N(mean, deviation²): thin tails, for comparison.</summary>
public sealed class NormalMargin(double mean, double deviation) : IMargin
{
    /// <summary>By mean and sample deviation.</summary>
    public static NormalMargin Of(double[] sample)
    {
        double centre = SampleMoments.Means(sample, 1)[0];
        return new NormalMargin(centre, Math.Sqrt(SampleMoments.Covariance(sample, 1, [centre], sample.Length)[0]));
    }

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
