using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// Copies historical rows by an index vector. The panel is time-major, so a run of consecutive days is one memory copy
/// of run × K doubles; the kernel's limit is memory bandwidth.
/// </summary>
internal sealed class BlockBootstrapGenerator(ShockPanel panel, BlockBootstrapSpec spec, GenerationShape shape)
    : IPathGenerator
{
    private readonly PhiloxStream _stream = new(shape.Seed);

    public IReadOnlyList<Driver> Drivers => panel.Drivers;

    public JsonObject Report { get; } =
        new()
        {
            ["scheme"] = spec.Scheme.ToString().ToLowerInvariant(),
            ["block_length"] = spec.BlockLength,
            ["pool_days"] = panel.Days,
        };

    public void Generate(int firstPath, Span<double> destination)
    {
        int width = panel.Width;
        int pathLength = shape.HorizonDays * width;
        Span<int> index = stackalloc int[GenerationShape.MaxHorizonDays];
        index = index[..shape.HorizonDays];
        for (int path = firstPath; destination.Length >= pathLength; path++)
        {
            BlockIndex.Fill(spec.Scheme, spec.BlockLength, panel.Days, _stream, path, index);
            CopyRuns(index, destination[..pathLength], width);
            destination = destination[pathLength..];
        }
    }

    public PathAnnotation? Describe(int path)
    {
        Span<int> index = stackalloc int[shape.HorizonDays];
        BlockIndex.Fill(spec.Scheme, spec.BlockLength, panel.Days, _stream, path, index);
        var dates = new DateOnly[index.Length];
        for (int h = 0; h < dates.Length; h++)
            dates[h] = panel.Dates[index[h]];
        return new PathAnnotation { SourceDates = dates };
    }

    private void CopyRuns(ReadOnlySpan<int> index, Span<double> path, int width)
    {
        for (int h = 0; h < index.Length; )
        {
            int run = 1;
            while (h + run < index.Length && index[h + run] == index[h] + run)
                run++;
            panel.Values.Slice(index[h] * width, run * width).CopyTo(path[(h * width)..]);
            h += run;
        }
    }
}
