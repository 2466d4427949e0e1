using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Dependence;
using Prometheus.Synthetic.Scenarios.Tails.Margins;

namespace Prometheus.Synthetic.Scenarios.Factors.Sampling;

/// <summary>
/// Independent days from fitted margins joined by a fitted copula: fat tails per column, joint crashes by the copula.
/// With many instruments this is where dependence belongs; they inherit it through their exposures.
/// </summary>
public sealed record CopulaFactors(MarginSpec Margins, CopulaSpec Copula) : FactorSampling
{
    public override IFactorSampler Fit(FactorSample sample) => new Sampler(sample, this);

    private sealed class Sampler : IFactorSampler
    {
        private const ushort Lane = 0;
        private readonly FactorSample _sample;
        private readonly JointModel _model;

        public Sampler(FactorSample sample, CopulaFactors asked)
        {
            _sample = sample;
            _model = JointModel.Fit(
                sample.Rows,
                [.. sample.Columns.Select(c => c.Id)],
                asked.Margins,
                asked.Copula,
                sample.Stream,
                Lane
            );
        }

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

        public void Fill(int path, Span<double> steps) =>
            _model.Fill(_sample.Stream, Lane, path, steps.Length / _sample.Width, steps);

        public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
    }
}
