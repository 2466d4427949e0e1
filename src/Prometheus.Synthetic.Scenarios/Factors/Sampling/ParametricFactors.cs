using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;
using Prometheus.Synthetic.Scenarios.Tails;

namespace Prometheus.Synthetic.Scenarios.Factors.Sampling;

/// <summary>Independent days from N(μ, Σ) with the sample's mean and covariance.</summary>
public sealed record NormalFactors : FactorSampling
{
    public override IFactorSampler Fit(FactorSample sample) => new EllipticalFactorSampler(sample, null);
}

/// <summary>
/// Independent days from the multivariate Student-t with the sample's mean and covariance:
/// μ + √((ν−2)/W)·A·Z with A·Aᵀ = Σ, one W per day for all columns, so that all are extreme together.
/// </summary>
/// <param name="Nu"><c>degrees_of_freedom</c>, ν &gt; 2; null for the maximum-likelihood estimate over the pool.</param>
/// <param name="Field">Where ν stands in the request, for refusals.</param>
public sealed record StudentFactors(double? Nu, string Field) : FactorSampling
{
    // The covariance is looked at first: a singular one is refused by the column that makes it so.
    public override IFactorSampler Fit(FactorSample sample) =>
        new EllipticalFactorSampler(
            sample,
            () =>
                Nu is { } given
                    ? DegreesOfFreedom.Given(given)
                    : DegreesOfFreedom.OfJoint(sample.Rows, sample.Width, Field)
        );
}

/// <summary>Draws μ + s·A·Z per day, s = 1 for the normal and the mixing factor for the t.</summary>
internal sealed class EllipticalFactorSampler : IFactorSampler
{
    private const int MaxWidth = 512;
    private readonly FactorSample _sample;
    private readonly DegreesOfFreedom? _degreesOfFreedom;
    private readonly StudentMixing? _mixing;
    private readonly double[] _root;

    /// <param name="degreesOfFreedom">ν of the t; null for the normal.</param>
    public EllipticalFactorSampler(FactorSample sample, Func<DegreesOfFreedom>? degreesOfFreedom)
    {
        _sample = sample;
        int n = sample.Width;
        if (n > MaxWidth)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                "generator_spec.factors",
                $"{n} factor and macro columns; parametric sampling takes at most {MaxWidth}; name fewer"
            );
        _root = new double[n * n];
        int failed = Cholesky.Factor(sample.Covariance, n, _root);
        if (failed >= 0)
            throw new ScenarioRefusedException(
                ErrorCodes.SingularCovariance,
                $"generator_spec.{(sample.Columns[failed].Kind == Panels.DriverKind.Macro ? "macro_ids" : "factors")}",
                $"the covariance of the {n} sampled columns over {sample.Pool.Count} days is singular: {sample.Columns[failed].Id} is a linear combination of {string.Join(", ", sample.Columns.Take(failed).Select(c => c.Id))}; leave one out, use factor_model.shrinkage 'ledoit_wolf', or sample historical days"
            );
        _degreesOfFreedom = degreesOfFreedom?.Invoke();
        _mixing = _degreesOfFreedom is { } nu ? new StudentMixing(nu.Value) : null;
    }

    public JsonObject Report
    {
        get
        {
            var report = new JsonObject
            {
                ["method"] = _mixing is null ? "normal" : "student_t",
                ["pool_days"] = _sample.Pool.Count,
            };
            _degreesOfFreedom?.Describe(report);
            return report;
        }
    }

    public void Fill(int path, Span<double> steps)
    {
        int n = _sample.Width;
        Span<double> z = stackalloc double[MaxWidth];
        z = z[..n];
        for (int h = 0; h * n < steps.Length; h++)
        {
            _sample.Stream.FillNormals(z, path, h, DrawPurpose.FactorInnovation);
            double scale = _mixing?.At(_sample.Stream.Normal(path, h, DrawPurpose.FactorMixing)) ?? 1.0;
            for (int i = 0; i < n; i++)
            {
                double sum = 0.0;
                for (int k = 0; k <= i; k++)
                    sum += _root[i * n + k] * z[k];
                steps[h * n + i] = _sample.Means[i] + scale * sum;
            }
        }
    }

    public IReadOnlyList<DateOnly>? SourceDates(int path, int steps) => null;
}
