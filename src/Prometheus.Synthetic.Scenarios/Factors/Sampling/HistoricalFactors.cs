using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Sampling;

/// <summary>Whole historical days of all columns, in blocks; a block length of 1 draws days independently.</summary>
public sealed record HistoricalFactors(BlockSampling Blocks) : FactorSampling
{
    public override IFactorSampler Fit(FactorSample sample) => new Sampler(sample, Blocks);

    private sealed class Sampler(FactorSample sample, BlockSampling blocks) : IFactorSampler
    {
        private readonly RowIndex _index = blocks.Over(sample.Pool, sample.Stream, lane: 0);

        public JsonObject Report
        {
            get
            {
                JsonObject report = blocks.Describe();
                report["method"] = "historical";
                report["pool_days"] = sample.Pool.Count;
                return report;
            }
        }

        public void Fill(int path, Span<double> steps)
        {
            int width = sample.Width;
            Span<int> index = stackalloc int[GenerationShape.MaxHorizonDays];
            index = index[..(steps.Length / width)];
            _index.Fill(path, index);
            for (int h = 0; h < index.Length; h++)
                sample.Rows.AsSpan(index[h] * width, width).CopyTo(steps[(h * width)..]);
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
