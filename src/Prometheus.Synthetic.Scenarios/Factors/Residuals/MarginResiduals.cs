using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>
/// Residuals from each instrument's own fitted margin, independent between instruments: tails beyond what was seen, at
/// any number of instruments.
/// </summary>
public sealed record MarginResiduals(MarginSpec Margins) : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new Sampler(sample, Margins);

    private sealed class Sampler : IResidualSampler
    {
        // Rows done at once: an instrument's table or body then serves that many cells while it is in the cache.
        private const int Rows = 256;
        private const ushort Lane = 1;
        private readonly ResidualSample _sample;
        private readonly InstrumentDraws _draws;
        private readonly IMargin[] _margins;
        private readonly Lazy<JsonArray> _tests;

        public Sampler(ResidualSample sample, MarginSpec spec)
        {
            _sample = sample;
            _draws = new InstrumentDraws(sample.Ids, sample.Stream);
            _margins = spec.Fit(sample.Rows, sample.Ids);
            _tests = new(() => MarginGoodness.Describe(spec, _margins, sample.Rows, sample.Ids, sample.Stream, Lane));
        }

        public int RowsAtOnce => Rows;

        public JsonObject Report
        {
            get
            {
                var report = new JsonObject
                {
                    ["method"] = "margins",
                    ["pool_days"] = _sample.Pool.Count,
                    ["margins"] = new JsonArray([.. _margins.Select(m => (JsonNode)m.Describe())]),
                };
                if (_tests.Value.Count > 0)
                    report["margin_fit"] = _tests.Value.DeepClone();
                return report;
            }
        }

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            int width = _sample.Instruments;
            int count = paths * steps;
            FillUniforms(firstPath, paths, steps, destination, stride);
            double[] rented = ArrayPool<double>.Shared.Rent(Rows);
            for (int row = 0; row < count; row += Rows)
            {
                int some = Math.Min(Rows, count - row);
                Span<double> column = rented.AsSpan(0, some);
                for (int i = 0; i < width; i++)
                {
                    for (int r = 0; r < some; r++)
                        column[r] = destination[(row + r) * stride + i];
                    _margins[i].Transform(column, 1);
                    for (int r = 0; r < some; r++)
                        destination[(row + r) * stride + i] = column[r];
                }
            }

            ArrayPool<double>.Shared.Return(rented);
        }

        private void FillUniforms(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            int width = _sample.Instruments;
            double[] spare = ArrayPool<double>.Shared.Rent(width);
            for (int p = 0; p < paths; p++)
            {
                for (int step = 0; step < steps; step += 2)
                {
                    int row = p * steps + step;
                    _draws.FillUniforms(
                        firstPath + p,
                        step / 2,
                        DrawPurpose.Residual,
                        destination.Slice(row * stride, width),
                        step + 1 < steps ? destination.Slice((row + 1) * stride, width) : spare
                    );
                }
            }

            ArrayPool<double>.Shared.Return(spare);
        }

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
    }
}
