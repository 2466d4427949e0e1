using System.Buffers;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Factors.Residuals;

/// <summary>Residuals from fitted margins joined by a fitted copula, for at most 100 instruments (50 with a vine).</summary>
public sealed record CopulaResiduals(MarginSpec Margins, CopulaSpec Copula) : ResidualSampling
{
    public override IResidualSampler Fit(ResidualSample sample) => new Sampler(sample, this);

    private sealed class Sampler : IResidualSampler
    {
        // The factors' copula draws on lane 0.
        private const ushort Lane = 1;
        private readonly ResidualSample _sample;
        private readonly JointModel _model;

        public Sampler(ResidualSample sample, CopulaResiduals asked)
        {
            _sample = sample;
            _model = JointModel.Fit(sample.Rows, sample.Ids, asked.Margins, asked.Copula, sample.Stream, Lane);
        }

        public int RowsAtOnce => 256;

        public JsonObject Report
        {
            get
            {
                var report = (JsonObject)_model.Report.DeepClone();
                report["method"] = "copula";
                report["pool_days"] = _sample.Pool.Count;
                return report;
            }
        }

        public void Fill(int firstPath, int paths, int steps, Span<double> destination, int stride)
        {
            int width = _sample.Instruments;
            double[] rented = ArrayPool<double>.Shared.Rent(steps * width);
            Span<double> rows = rented.AsSpan(0, steps * width);
            for (int p = 0; p < paths; p++)
            {
                _model.Fill(_sample.Stream, Lane, firstPath + p, steps, rows);
                for (int h = 0; h < steps; h++)
                    rows.Slice(h * width, width).CopyTo(destination[((p * steps + h) * stride)..]);
            }

            ArrayPool<double>.Shared.Return(rented);
        }

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
    }
}
