using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// Joe: C = 1 − S^(1/θ), S = a + b − ab, a = (1 − u)^θ, b = (1 − v)^θ, θ ≥ 1; upper-tail dependent, more strongly than
/// Gumbel at the same τ.
/// </summary>
public sealed class JoePair(double theta) : PairCopula
{
    private const int MostSteps = 100;
    private const double LastStep = 1e-6;

    // The exponential of more would overflow; what it bounds is then bounded by the other term.
    private const double MostExponent = 700.0;

    private double Part => 1.0 - 1.0 / theta;

    public override string Family => "joe";

    public override IReadOnlyList<double> Parameters => [theta];

    /// <summary>τ = 1 + 2/(2 − θ)·(ψ(2) − ψ(2/θ + 1)), its limit 1 − ψ′(2) at θ = 2.</summary>
    public override double Tau => TauOf(theta);

    public override double UpperTail => 2.0 - StableMath.Exp(StableMath.Log(2.0) / theta);

    public static double TauOf(double theta) =>
        Math.Abs(theta - 2.0) < 1e-6
            ? 1.0 - 0.64493406684822644
            : 1.0 + 2.0 / (2.0 - theta) * (0.42278433509846714 - Digamma.Of(2.0 / theta + 1.0));

    public override double LogDensity(double u, double v)
    {
        double logU = StableMath.Log1p(-u);
        double logV = StableMath.Log1p(-v);
        double high = theta * Math.Max(logU, logV);
        double low = theta * Math.Min(logU, logV);
        // ln S with the larger power taken out, so that nothing underflows for large θ.
        double logS = high + StableMath.Log1p(StableMath.Exp(low - high) - StableMath.Exp(low));
        return (theta - 1.0) * (logU + logV)
            + (1.0 / theta - 2.0) * logS
            + StableMath.Log(theta - 1.0 + StableMath.Exp(logS));
    }

    public override double H(double u, double v)
    {
        double logA = theta * StableMath.Log1p(-u);
        double logB = LogB(v);
        // S/b = 1 + a(1 − b)/b; h = (S/b)^(1/θ − 1)·(1 − a)
        double inner = StableMath.Exp(logA) * (-StableMath.Expm1(logB) / StableMath.Exp(logB));
        return StableMath.Exp((1.0 / theta - 1.0) * StableMath.Log1p(inner)) * -StableMath.Expm1(logA);
    }

    /// <remarks>
    /// With a = 1 − e^−s, −ln h = s + (1 − 1/θ)·ln(1 + (1 − e^−s)(1 − b)/b): increasing and concave in s. Its root lies
    /// between what the tangent at 0 and what each of the two terms alone would give; Halley's steps from the upper end,
    /// never longer than twice Newton's, reach it in two to seven. A step of a millionth leaves an error of its cube.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double logB = LogB(v);
        double c = -StableMath.Expm1(logB) / StableMath.Exp(logB);
        double target = -StableMath.Log(p);
        double low = target / (1.0 + Part * c);
        double alone = StableMath.Expm1(Math.Min(target / Part, MostExponent)) / c;
        double high = alone < 1.0 ? Math.Min(target, -StableMath.Log1p(-alone)) : target;
        double s = high;
        for (int step = 0; step < MostSteps; step++)
        {
            double grown = -StableMath.Expm1(-s) * c;
            double inner = 1.0 + grown;
            double bent = Part * StableMath.Exp(-s) * c / inner;
            double slope = 1.0 + bent;
            double newton = (s + Part * StableMath.Log1p(grown) - target) / slope;
            double damping = Math.Max(0.5, 1.0 + 0.5 * newton * (bent / slope) * ((1.0 + c) / inner));
            double next = Math.Min(Math.Max(s - newton / damping, low), high);
            bool done = Math.Abs(next - s) <= LastStep * next;
            s = next;
            if (done)
                break;
        }

        double a = -StableMath.Expm1(-s);
        return -StableMath.Expm1(StableMath.Log(a) / theta);
    }

    internal override void H(Span<double> u, ReadOnlySpan<double> v)
    {
        Span<double> logB = stackalloc double[Chunk];
        Span<double> rest = stackalloc double[Chunk];
        logB = logB[..u.Length];
        rest = rest[..u.Length];
        LogB(v, logB);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
            (Vector512.Create(theta) * StableMath.Log1p(-Vector512.Create<double>(u[i..]))).CopyTo(u[i..]);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> c = -StableMath.Expm1(Vector512.Create<double>(logB[i..]), out Vector512<double> b) / b;
            StableMath.Expm1(Vector512.Create<double>(u[i..]), out Vector512<double> a).CopyTo(u[i..]);
            (a * c).CopyTo(rest[i..]);
        }

        StableMath.Log1p(rest, rest);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> exponent = Vector512.Create(1.0 / theta - 1.0) * Vector512.Create<double>(rest[i..]);
            (StableMath.Exp(exponent) * -Vector512.Create<double>(u[i..])).CopyTo(u[i..]);
        }
    }

    /// <remarks>A lane that has arrived stays where it is while the others go on.</remarks>
    internal override void HInverse(Span<double> p, ReadOnlySpan<double> v)
    {
        Span<double> c = stackalloc double[Chunk];
        Span<double> high = stackalloc double[Chunk];
        Span<double> s = stackalloc double[Chunk];
        Span<double> done = stackalloc double[Chunk];
        c = c[..p.Length];
        high = high[..p.Length];
        s = s[..p.Length];
        done.Clear();
        LogB(v, c);
        StableMath.Log(p, p);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            (-StableMath.Expm1(Vector512.Create<double>(c[i..]), out Vector512<double> b) / b).CopyTo(c[i..]);
            Vector512<double> target = -Vector512.Create<double>(p[i..]);
            target.CopyTo(p[i..]);
            Vector512.Min(target / Vector512.Create(Part), Vector512.Create(MostExponent)).CopyTo(high[i..]);
        }

        StableMath.Expm1(high, high);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> target = Vector512.Create<double>(p[i..]);
            Vector512<double> alone = Vector512.Create<double>(high[i..]) / Vector512.Create<double>(c[i..]);
            Vector512<double> start = Vector512.ConditionalSelect(
                Vector512.LessThan(alone, Vector512<double>.One),
                Vector512.Min(target, -StableMath.Log1p(-alone)),
                target
            );
            start.CopyTo(high[i..]);
            start.CopyTo(s[i..]);
        }

        bool left = true;
        for (int step = 0; step < MostSteps && left; step++)
            left = Advance(p, c, high, s, done);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
            (-StableMath.Expm1(-Vector512.Create<double>(s[i..]))).CopyTo(p[i..]);
        StableMath.Log(p, p);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> exponent = Vector512.Create<double>(p[i..]) / Vector512.Create(theta);
            (-StableMath.Expm1(exponent)).CopyTo(p[i..]);
        }
    }

    /// <summary>One step of all that have not arrived; false when none is left.</summary>
    /// <param name="done">All bits set where a lane has arrived.</param>
    private bool Advance(
        ReadOnlySpan<double> target,
        ReadOnlySpan<double> c,
        ReadOnlySpan<double> high,
        Span<double> s,
        Span<double> done
    )
    {
        var one = Vector512<double>.One;
        var half = Vector512.Create(0.5);
        var part = Vector512.Create(Part);
        Span<double> grownOf = stackalloc double[Chunk];
        Span<double> decayOf = stackalloc double[Chunk];
        Span<double> logs = stackalloc double[Chunk];
        for (int i = 0; i < c.Length; i += Vector512<double>.Count)
        {
            if (AllBits(done, i))
                continue;
            Vector512<double> grown =
                -StableMath.Expm1(-Vector512.Create<double>(s[i..]), out Vector512<double> decay)
                * Vector512.Create(c[i..]);
            grown.CopyTo(grownOf[i..]);
            decay.CopyTo(decayOf[i..]);
        }

        for (int i = 0; i < c.Length; i += Vector512<double>.Count)
        {
            if (!AllBits(done, i))
                StableMath.Log1p(Vector512.Create<double>(grownOf[i..])).CopyTo(logs[i..]);
        }

        bool left = false;
        for (int i = 0; i < c.Length; i += Vector512<double>.Count)
        {
            if (AllBits(done, i))
                continue;
            Vector512<double> factor = Vector512.Create(c[i..]);
            Vector512<double> wanted = Vector512.Create(target[i..]);
            Vector512<double> at = Vector512.Create<double>(s[i..]);
            Vector512<double> inner = one + Vector512.Create<double>(grownOf[i..]);
            Vector512<double> bent = part * Vector512.Create<double>(decayOf[i..]) * factor / inner;
            Vector512<double> slope = one + bent;
            Vector512<double> newton = (at + part * Vector512.Create<double>(logs[i..]) - wanted) / slope;
            Vector512<double> damping = Vector512.Max(
                half,
                one + half * newton * (bent / slope) * ((one + factor) / inner)
            );
            Vector512<double> low = wanted / (one + part * factor);
            Vector512<double> next = Vector512.Min(
                Vector512.Max(at - newton / damping, low),
                Vector512.Create(high[i..])
            );
            Vector512<double> arrived = Vector512.LessThanOrEqual(
                Vector512.Abs(next - at),
                Vector512.Create(LastStep) * next
            );
            Vector512<double> stays = Vector512.Create<double>(done[i..]);
            Vector512.ConditionalSelect(stays, at, next).CopyTo(s[i..]);
            stays |= arrived;
            stays.CopyTo(done[i..]);
            left |= !Vector512.EqualsAll(stays.AsInt64(), Vector512<long>.AllBitsSet);
        }

        return left;
    }

    private void LogB(ReadOnlySpan<double> v, Span<double> logB)
    {
        for (int i = 0; i < v.Length; i += Vector512<double>.Count)
        {
            Vector512<double> log = StableMath.Log1p(-Vector512.Create(v[i..]));
            Vector512.Max(Vector512.Create(theta) * log, Vector512.Create(-600.0)).CopyTo(logB[i..]);
        }
    }

    /// <summary>θ·ln(1 − v), kept where its exponential neither vanishes nor its inverse overflows.</summary>
    private double LogB(double v) => Math.Max(theta * StableMath.Log1p(-v), -600.0);
}
