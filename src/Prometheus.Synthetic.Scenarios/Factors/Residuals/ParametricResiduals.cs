using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>Independent normal residuals of each instrument's own standard deviation.</summary>
public sealed record NormalResiduals : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new ScaledResidualSampler(sample, null);
}

/// <summary>Independent Student-t residuals, each with its own mixing, of each instrument's own standard deviation.</summary>
/// <param name="DegreesOfFreedom">ν &gt; 2, the same for all.</param>
public sealed record StudentResiduals(double DegreesOfFreedom) : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new ScaledResidualSampler(sample, DegreesOfFreedom);
}

/// <summary>ε = σ·Z, for the t times the mixing factor of a second, independent score.</summary>
internal sealed class ScaledResidualSampler(ResidualSample sample, double? degreesOfFreedom) : IResidualSampler
{
    private readonly double[] _deviations = sample.Deviations();
    private readonly StudentMixing? _mixing = degreesOfFreedom is { } nu ? new StudentMixing(nu) : null;

    public int RowsAtOnce => 1;

    public JsonObject Report
    {
        get
        {
            var report = new JsonObject
            {
                ["method"] = degreesOfFreedom is null ? "normal" : "student_t",
                ["pool_days"] = sample.Pool.Count,
            };
            if (degreesOfFreedom is { } nu)
                report["degrees_of_freedom"] = nu;
            return report;
        }
    }

    public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
    {
        int width = sample.Instruments;
        double[]? scores = _mixing is null ? null : ArrayPool<double>.Shared.Rent(width);
        for (int row = 0; row < paths * steps; row++)
        {
            (int path, int step) = (firstPath + row / steps, row % steps);
            Span<double> cells = destination.Slice(row * stride, width);
            sample.Stream.FillNormals(cells, path, step, DrawPurpose.Residual);
            if (_mixing is not null)
            {
                Span<double> z = scores.AsSpan(0, width);
                sample.Stream.FillNormals(z, path, step, DrawPurpose.ResidualMixing);
                for (int i = 0; i < width; i++)
                    cells[i] *= _mixing.At(z[i]);
            }

            for (int i = 0; i < width; i++)
                cells[i] *= _deviations[i];
        }

        if (scores is not null)
            ArrayPool<double>.Shared.Return(scores);
    }

    public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
}
