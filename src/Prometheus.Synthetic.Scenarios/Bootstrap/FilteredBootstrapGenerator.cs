using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Volatility;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Filtered historical simulation: whole rows of standardised residuals, each driver's volatility started at today's and
/// updated by the path's own shocks. Source dates are those of the residual rows.
/// </summary>
internal sealed class FilteredBootstrapGenerator(
    ShockPanel panel,
    FilteredPanel filter,
    DrawPlan plan,
    GenerationShape shape,
    JsonObject report
) : IPathGenerator
{
    private readonly BlockSampler _sampler = new(plan, new PhiloxStream(shape.Seed));
    private readonly bool[] _isReturn = [.. panel.Drivers.Select(d => d.Kind != DriverKind.Macro)];

    public IReadOnlyList<Driver> Drivers => panel.Drivers;

    public JsonObject Report => report;

    public void Generate(int firstPath, Span<double> destination)
    {
        int width = panel.Width;
        int pathLength = shape.HorizonDays * width;
        Span<int> index = stackalloc int[shape.HorizonDays];
        double[] variance = new double[width];
        for (int path = firstPath; destination.Length >= pathLength; path++)
        {
            _sampler.Fill(path, index);
            filter.Today.CopyTo(variance, 0);
            for (int h = 0; h < index.Length; h++)
                Step(filter.Residuals.AsSpan(index[h] * width, width), variance, destination.Slice(h * width, width));
            destination = destination[pathLength..];
        }
    }

    public PathAnnotation Describe(int path) => BlockAnnotation.Of(_sampler, panel, shape.HorizonDays, path, 0);

    private void Step(ReadOnlySpan<double> residuals, double[] variance, Span<double> row)
    {
        double[] mean = filter.Mean;
        double[] omega = filter.Omega;
        double[] alpha = filter.Alpha;
        double[] beta = filter.Beta;
        double[] cap = filter.Cap;
        for (int k = 0; k < row.Length; k++)
        {
            double shock = Math.Sqrt(variance[k]) * residuals[k];
            double value = mean[k] + shock;
            // exp(−20) is −99.9999998 %: still above −1 in a double.
            row[k] = _isReturn[k] ? StableMath.Exp(Math.Max(value, -20.0)) - 1.0 : value;
            variance[k] = Math.Min(omega[k] + alpha[k] * (shock * shock) + beta[k] * variance[k], cap[k]);
        }
    }
}
