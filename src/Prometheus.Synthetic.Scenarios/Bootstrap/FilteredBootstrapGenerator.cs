using System.Runtime.Intrinsics;
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
    private const int Lane = 8;
    private const double LowestLogReturn = -20.0;
    private readonly BlockSampler _sampler = new(plan, new PhiloxStream(shape.Seed));

    // All ones where a step is a log return, zero where it is a change of level.
    private readonly long[] _isReturn = [.. panel.Drivers.Select(d => d.Kind != DriverKind.Macro ? -1L : 0L)];

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

    /// <summary>
    /// One step of every driver. Recursion runs over the steps, so drivers go eight at a time, each through the same
    /// operations as alone.
    /// </summary>
    private void Step(ReadOnlySpan<double> residuals, double[] variance, Span<double> row)
    {
        int k = 0;
        for (; k + Lane <= row.Length; k += Lane)
        {
            Vector512<double> v = Vector512.LoadUnsafe(ref variance[k]);
            Vector512<double> shock = Vector512.Sqrt(v) * Vector512.Create(residuals.Slice(k, Lane));
            Vector512<double> value = Vector512.LoadUnsafe(ref filter.Mean[k]) + shock;
            // exp(−20) is −99.9999998 %: still above −1 in a double.
            Vector512<double> simple =
                StableMath.Exp(Vector512.Max(value, Vector512.Create(LowestLogReturn))) - Vector512<double>.One;
            Vector512
                .ConditionalSelect(Vector512.LoadUnsafe(ref _isReturn[k]).AsDouble(), simple, value)
                .CopyTo(row.Slice(k, Lane));
            Vector512<double> next =
                Vector512.LoadUnsafe(ref filter.Omega[k])
                + Vector512.LoadUnsafe(ref filter.Alpha[k]) * (shock * shock)
                + Vector512.LoadUnsafe(ref filter.Beta[k]) * v;
            Vector512.Min(next, Vector512.LoadUnsafe(ref filter.Cap[k])).StoreUnsafe(ref variance[k]);
        }

        for (; k < row.Length; k++)
        {
            double shock = Math.Sqrt(variance[k]) * residuals[k];
            double value = filter.Mean[k] + shock;
            row[k] = _isReturn[k] != 0 ? StableMath.Exp(Math.Max(value, LowestLogReturn)) - 1.0 : value;
            double next = filter.Omega[k] + filter.Alpha[k] * (shock * shock) + filter.Beta[k] * variance[k];
            variance[k] = Math.Min(next, filter.Cap[k]);
        }
    }
}
