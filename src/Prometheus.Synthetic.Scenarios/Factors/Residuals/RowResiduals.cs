using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>
/// Whole historical rows of residuals, in blocks of their own: what correlation is left between residuals stays
/// ("light correlation"), and with blocks their volatility clusters; factor days and residual days are independent.
/// </summary>
public sealed record RowResiduals(BlockSampling Blocks) : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new Sampler(sample, Blocks);

    private sealed class Sampler(ResidualSample sample, BlockSampling blocks) : IResidualSampler
    {
        private readonly RowIndex _index = blocks.Over(sample.Pool, sample.Stream, lane: 1);

        public int RowsAtOnce => 1;

        public JsonObject Report
        {
            get
            {
                JsonObject report = blocks.Describe();
                report["method"] = "rows";
                report["pool_days"] = sample.Pool.Count;
                return report;
            }
        }

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            int width = sample.Instruments;
            Span<int> index = stackalloc int[GenerationShape.MaxHorizonDays];
            index = index[..steps];
            for (int p = 0, row = 0; p < paths; p++)
            {
                _index.Fill(firstPath + p, index);
                for (int h = 0; h < steps; h++, row++)
                    sample.Rows.AsSpan(index[h] * width, width).CopyTo(destination[(row * stride)..]);
            }
        }

        public IReadOnlyList<DateOnly> SourceDates(int path, int steps)
        {
            Span<int> index = stackalloc int[steps];
            _index.Fill(path, index);
            var dates = new DateOnly[steps];
            for (int h = 0; h < steps; h++)
                dates[h] = sample.Pool.Dates[index[h]];
            return dates;
        }
    }
}
