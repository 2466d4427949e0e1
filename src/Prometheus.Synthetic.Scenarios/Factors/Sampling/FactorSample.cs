using Prometheus.Synthetic.Scenarios.Numerics.LinearAlgebra;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Randomness;
using Prometheus.Synthetic.Scenarios.Sampling;

namespace Prometheus.Synthetic.Scenarios.Factors.Sampling;

/// <summary>What a factor sampler is fitted to: the pool's rows of the C sampled columns, and their moments.</summary>
/// <param name="Columns">Factor columns, then macro columns, in the panel's order.</param>
/// <param name="Rows">P × C observations, row after row.</param>
/// <param name="Means">C sample means.</param>
/// <param name="Covariance">C × C, divided by P; shrunk where the spec says so.</param>
public sealed record FactorSample(
    DayPool Pool,
    IReadOnlyList<Driver> Columns,
    double[] Rows,
    double[] Means,
    double[] Covariance,
    PhiloxStream Stream
)
{
    /// <summary>Number C of columns.</summary>
    public int Width => Columns.Count;

    public double[] Deviations() => SampleMoments.Deviations(Covariance, Width);
}
