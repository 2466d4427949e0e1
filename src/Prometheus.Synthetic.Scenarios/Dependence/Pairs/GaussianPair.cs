using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>The Gaussian copula: h(u | v) = Φ((x − ρy)/√(1 − ρ²)) with x, y the normal scores; no tail dependence.</summary>
/// <param name="rho">ρ in (−1, 1).</param>
public sealed class GaussianPair(double rho) : PairCopula
{
    private readonly double _rest = Math.Sqrt((1.0 - rho) * (1.0 + rho));

    public override string Family => "gaussian";

    public override IReadOnlyList<double> Parameters => [rho];

    /// <summary>τ = (2/π)·arcsin ρ.</summary>
    public override double Tau => Sine.ArcSine(rho) / (0.5 * Math.PI);

    public override double LogDensity(double u, double v) =>
        LogDensityOfScores(StandardNormal.Quantile(u), StandardNormal.Quantile(v), rho);

    public override double H(double u, double v) =>
        StandardNormal.Cdf((StandardNormal.Quantile(u) - rho * StandardNormal.Quantile(v)) / _rest);

    public override double HInverse(double p, double v) =>
        StandardNormal.Cdf(StandardNormal.Quantile(p) * _rest + rho * StandardNormal.Quantile(v));

    internal static double LogDensityOfScores(double x, double y, double rho)
    {
        double left = (1.0 - rho) * (1.0 + rho);
        return -0.5 * StableMath.Log(left) - (rho * rho * (x * x + y * y) - 2.0 * rho * x * y) / (2.0 * left);
    }

    internal override void Step(
        ReadOnlySpan<double> conditional,
        ReadOnlySpan<double> given,
        Span<double> score,
        Span<double> other,
        bool first
    )
    {
        for (int r = 0; r < conditional.Length; r++)
        {
            double x = conditional[r] * _rest + rho * given[r];
            if (other.Length > 0)
                other[r] = (given[r] - rho * x) / _rest;
            score[r] = x;
        }
    }
}
