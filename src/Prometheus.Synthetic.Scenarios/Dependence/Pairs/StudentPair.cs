using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// The t copula: h(u | v) = T_{ν+1}((x − ρy)/√((ν + y²)(1 − ρ²)/(ν + 1))), x and y the t scores; tail-dependent in both
/// tails for every ρ &gt; −1.
/// </summary>
public sealed class StudentPair : PairCopula
{
    private readonly double _rho;
    private readonly double _nu;
    private readonly double _share;
    private readonly StudentT _t;
    private readonly StudentT _conditional;
    private readonly Lazy<(StudentTable Own, StudentTable Conditional)> _tables;

    /// <param name="rho">ρ in (−1, 1).</param>
    /// <param name="degreesOfFreedom">ν &gt; 2.</param>
    public StudentPair(double rho, double degreesOfFreedom)
    {
        (_rho, _nu) = (rho, degreesOfFreedom);
        _share = (1.0 - rho) * (1.0 + rho) / (degreesOfFreedom + 1.0);
        _t = new StudentT(degreesOfFreedom);
        _conditional = new StudentT(degreesOfFreedom + 1.0);
        _tables = new(() => (new StudentTable(degreesOfFreedom), new StudentTable(degreesOfFreedom + 1.0)));
    }

    public override string Family => "student_t";

    public override IReadOnlyList<double> Parameters => [_rho, _nu];

    /// <summary>τ = (2/π)·arcsin ρ.</summary>
    public override double Tau => Sine.ArcSine(_rho) / (0.5 * Math.PI);

    public override double LowerTail => TailCoefficient(_rho, _nu);

    public override double UpperTail => LowerTail;

    /// <summary>λ = 2·T_{ν+1}(−√((ν + 1)(1 − ρ)/(1 + ρ))).</summary>
    public static double TailCoefficient(double rho, double nu) =>
        2.0 * new StudentT(nu + 1.0).Cdf(-Math.Sqrt((nu + 1.0) * (1.0 - rho) / (1.0 + rho)));

    public override double LogDensity(double u, double v)
    {
        double x = _t.Quantile(u);
        double y = _t.Quantile(v);
        return LogJoint(x, y, _rho, _nu) - _t.LogDensity(x) - _t.LogDensity(y);
    }

    /// <summary>ln of the bivariate t density with unit scales.</summary>
    internal static double LogJoint(double x, double y, double rho, double nu)
    {
        double left = (1.0 - rho) * (1.0 + rho);
        double quadratic = (x * x + y * y - 2.0 * rho * x * y) / (nu * left);
        // Γ((ν+2)/2) / (Γ(ν/2)·νπ·√(1 − ρ²)) = 1/(2π√(1 − ρ²)).
        return -1.8378770664093454836 - 0.5 * StableMath.Log(left) - 0.5 * (nu + 2.0) * StableMath.Log1p(quadratic);
    }

    public override double H(double u, double v)
    {
        double y = _t.Quantile(v);
        return _conditional.Cdf((_t.Quantile(u) - _rho * y) / Math.Sqrt((_nu + y * y) * _share));
    }

    public override double HInverse(double p, double v)
    {
        double y = _t.Quantile(v);
        return _t.Cdf(_conditional.Quantile(p) * Math.Sqrt((_nu + y * y) * _share) + _rho * y);
    }

    internal override void Step(
        ReadOnlySpan<double> conditional,
        ReadOnlySpan<double> given,
        Span<double> score,
        Span<double> other,
        bool first
    )
    {
        (StudentTable own, StudentTable rest) = _tables.Value;
        bool wanted = other.Length > 0;
        int r = 0;
        for (
            ;
            CubicPieces.IsSupported && r + Vector512<double>.Count <= conditional.Length;
            r += Vector512<double>.Count
        )
        {
            Vector512<double> y = own.Value(Vector512.Create(given[r..]));
            Vector512<double> x =
                rest.Value(Vector512.Create(conditional[r..])) * Spread(y) + Vector512.Create(_rho) * y;
            own.Score(x).CopyTo(score[r..]);
            if (wanted)
                rest.Score((y - Vector512.Create(_rho) * x) / Spread(x)).CopyTo(other[r..]);
        }

        for (; r < conditional.Length; r++)
        {
            double y = own.Value(given[r]);
            double x = rest.Value(conditional[r]) * Math.Sqrt((_nu + y * y) * _share) + _rho * y;
            score[r] = own.Score(x);
            if (wanted)
                other[r] = rest.Score((y - _rho * x) / Math.Sqrt((_nu + x * x) * _share));
        }
    }

    /// <summary>√((ν + x²)(1 − ρ²)/(ν + 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Spread(Vector512<double> x) =>
        Vector512.Sqrt((Vector512.Create(_nu) + x * x) * Vector512.Create(_share));
}
