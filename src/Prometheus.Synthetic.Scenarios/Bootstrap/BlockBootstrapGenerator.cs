using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Copies rows by an index vector. The values are time-major, so a run of consecutive days is one memory copy of
/// run × K doubles; the kernel's limit is memory bandwidth.
/// </summary>
/// <param name="values">The T × K values to copy: the panel's, or corrected ones.</param>
internal sealed class BlockBootstrapGenerator(
    ShockPanel panel,
    ReadOnlyMemory<double> values,
    DrawPlan plan,
    SeamSmoother? smoother,
    int smoothedDays,
    GenerationShape shape,
    JsonObject report
) : IPathGenerator
{
    private readonly BlockSampler _sampler = new(plan, new PhiloxStream(shape.Seed));

    public IReadOnlyList<Driver> Drivers => panel.Drivers;

    public JsonObject Report => report;

    public void Generate(int firstPath, Span<double> destination)
    {
        int width = panel.Width;
        int pathLength = shape.HorizonDays * width;
        Span<int> index = stackalloc int[GenerationShape.MaxHorizonDays];
        index = index[..shape.HorizonDays];
        for (int path = firstPath; destination.Length >= pathLength; path++)
        {
            _sampler.Fill(path, index);
            CopyRuns(index, destination[..pathLength], width);
            smoother?.Apply(index, destination[..pathLength]);
            destination = destination[pathLength..];
        }
    }

    public PathAnnotation Describe(int path) =>
        BlockAnnotation.Of(_sampler, panel, shape.HorizonDays, path, smoothedDays);

    private void CopyRuns(ReadOnlySpan<int> index, Span<double> path, int width)
    {
        ReadOnlySpan<double> history = values.Span;
        for (int h = 0; h < index.Length; )
        {
            int run = 1;
            while (h + run < index.Length && index[h + run] == index[h] + run)
                run++;
            history.Slice(index[h] * width, run * width).CopyTo(path[(h * width)..]);
            h += run;
        }
    }
}
