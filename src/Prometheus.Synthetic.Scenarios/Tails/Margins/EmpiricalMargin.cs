using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tails.Margins;

/// <summary>
/// The sample's own distribution, straight lines between order statistics at (i − ½)/n: never beyond what was seen.
/// </summary>
public sealed class EmpiricalMargin : IMargin
{
    private readonly double[] _sorted;

    public EmpiricalMargin(ReadOnlySpan<double> sample)
    {
        _sorted = sample.ToArray();
        Array.Sort(_sorted);
    }

    public double Quantile(double u)
    {
        double position = Math.Clamp(u * _sorted.Length - 0.5, 0.0, _sorted.Length - 1);
        int i = Math.Min((int)position, _sorted.Length - 2);
        return _sorted[i] + (position - i) * (_sorted[i + 1] - _sorted[i]);
    }

    public double Cdf(double x)
    {
        int n = _sorted.Length;
        if (x <= _sorted[0])
            return 0.5 / n;
        if (x >= _sorted[^1])
            return (n - 0.5) / n;
        int i = Steps.Before(_sorted, x);
        double width = _sorted[i + 1] - _sorted[i];
        return (i + 0.5 + (width > 0.0 ? (x - _sorted[i]) / width : 0.0)) / n;
    }

    public void Transform(Span<double> uniforms, int stride)
    {
        for (int i = 0; i < uniforms.Length; i += stride)
            uniforms[i] = Quantile(uniforms[i]);
    }

    public JsonObject Describe() => new() { ["kind"] = "empirical", ["observations"] = _sorted.Length };
}

/// <summary>Search in ascending values.</summary>
internal static class Steps
{
    /// <summary>The last i with sorted[i] ≤ x, for sorted[0] ≤ x &lt; sorted[^1].</summary>
    public static int Before(ReadOnlySpan<double> sorted, double x)
    {
        int low = 0;
        int high = sorted.Length - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= x)
                low = middle;
            else
                high = middle;
        }

        return low;
    }
}
