namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>C(u, v) = uv.</summary>
public sealed class IndependentPair : PairCopula
{
    public static IndependentPair Instance { get; } = new();

    public override string Family => "independent";

    public override IReadOnlyList<double> Parameters => [];

    public override double Tau => 0.0;

    public override double LogDensity(double u, double v) => 0.0;

    public override double H(double u, double v) => u;

    public override double HInverse(double p, double v) => p;

    internal override void Step(
        ReadOnlySpan<double> conditional,
        ReadOnlySpan<double> given,
        Span<double> score,
        Span<double> other,
        bool first
    )
    {
        conditional.CopyTo(score);
        if (other.Length > 0)
            given.CopyTo(other);
    }
}
