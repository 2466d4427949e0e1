using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>Gumbel: C = exp(−A), A = (x^θ + y^θ)^(1/θ), x = −ln u, y = −ln v, θ ≥ 1; upper-tail dependent.</summary>
public sealed class GumbelPair(double theta) : PairCopula
{
    private const int MostSteps = 60;
    private const double LastStep = 1e-6;

    // The exponential of more would overflow; what it bounds is then bounded by the other term.
    private const double MostExponent = 700.0;

    private double Excess => theta - 1.0;

    public override string Family => "gumbel";

    public override IReadOnlyList<double> Parameters => [theta];

    public override double Tau => 1.0 - 1.0 / theta;

    public override double UpperTail => 2.0 - StableMath.Exp(StableMath.Log(2.0) / theta);

    public static double ThetaOfTau(double tau) => 1.0 / (1.0 - tau);

    public override double LogDensity(double u, double v)
    {
        (double x, double y) = (-StableMath.Log(u), -StableMath.Log(v));
        double logX = StableMath.Log(x);
        double logY = StableMath.Log(y);
        double logA = LogNorm(logX, logY);
        double a = StableMath.Exp(logA);
        return -a
            + x
            + y
            + (theta - 1.0) * (logX + logY)
            + (1.0 - 2.0 * theta) * logA
            + StableMath.Log(a + theta - 1.0);
    }

    public override double H(double u, double v)
    {
        double y = -StableMath.Log(v);
        double logY = StableMath.Log(y);
        double logA = LogNorm(StableMath.Log(-StableMath.Log(u)), logY);
        return StableMath.Exp(y - StableMath.Exp(logA) + (theta - 1.0) * (logY - logA));
    }

    /// <remarks>
    /// With A = y + δ, −ln h = δ + (θ − 1)·ln(1 + δ/y): increasing and concave in δ. Its root lies between what the
    /// tangent at 0 and what each of the two terms alone would give; Halley's steps from the upper end, never longer than
    /// twice Newton's, reach it in two to four. A step of a millionth leaves an error of its cube.
    /// </remarks>
    public override double HInverse(double p, double v)
    {
        double y = -StableMath.Log(v);
        double target = -StableMath.Log(p);
        double low = target / (1.0 + Excess / y);
        double high = Math.Min(target, y * StableMath.Expm1(Math.Min(target / Excess, MostExponent)));
        double delta = high;
        for (int step = 0; step < MostSteps; step++)
        {
            double bent = Excess / (y + delta);
            double slope = 1.0 + bent;
            double newton = (delta + Excess * StableMath.Log1p(delta / y) - target) / slope;
            double damping = Math.Max(0.5, 1.0 + 0.5 * newton * (bent / slope) / (y + delta));
            double next = Math.Min(Math.Max(delta - newton / damping, low), high);
            bool done = Math.Abs(next - delta) <= LastStep * next;
            delta = next;
            if (done)
                break;
        }

        // x = A·(1 − (y/A)^θ)^(1/θ)
        double share = -StableMath.Expm1(-theta * StableMath.Log1p(delta / y));
        return StableMath.Exp(-(y + delta) * StableMath.Pow(share, 1.0 / theta));
    }

    internal override void H(Span<double> u, ReadOnlySpan<double> v)
    {
        Span<double> y = stackalloc double[Chunk];
        Span<double> logY = stackalloc double[Chunk];
        Span<double> logA = stackalloc double[Chunk];
        y = y[..u.Length];
        logY = logY[..u.Length];
        logA = logA[..u.Length];
        MinusLog(v, y);
        StableMath.Log(y, logY);
        MinusLog(u, u);
        StableMath.Log(u, u);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> x = Vector512.Create<double>(u[i..]);
            Vector512<double> other = Vector512.Create<double>(logY[i..]);
            Vector512<double> high = Vector512.Max(x, other);
            high.CopyTo(logA[i..]);
            StableMath.Exp(Vector512.Create(theta) * (Vector512.Min(x, other) - high)).CopyTo(u[i..]);
        }

        StableMath.Log1p(u, u);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> rest = Vector512.Create<double>(u[i..]) / Vector512.Create(theta);
            (Vector512.Create<double>(logA[i..]) + rest).CopyTo(logA[i..]);
        }

        StableMath.Exp(logA, u);
        for (int i = 0; i < u.Length; i += Vector512<double>.Count)
        {
            Vector512<double> ratio = Vector512.Create<double>(logY[i..]) - Vector512.Create<double>(logA[i..]);
            Vector512<double> difference = Vector512.Create<double>(y[i..]) - Vector512.Create<double>(u[i..]);
            (difference + Vector512.Create(Excess) * ratio).CopyTo(u[i..]);
        }

        StableMath.Exp(u, u);
    }

    /// <remarks>A lane that has arrived stays where it is while the others go on.</remarks>
    internal override void HInverse(Span<double> p, ReadOnlySpan<double> v)
    {
        Span<double> y = stackalloc double[Chunk];
        Span<double> high = stackalloc double[Chunk];
        Span<double> delta = stackalloc double[Chunk];
        Span<double> log = stackalloc double[Chunk];
        y = y[..p.Length];
        high = high[..p.Length];
        delta = delta[..p.Length];
        log = log[..p.Length];
        MinusLog(v, y);
        MinusLog(p, p);
        var most = Vector512.Create(MostExponent);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> exponent = Vector512.Create<double>(p[i..]) / Vector512.Create(Excess);
            Vector512.Min(exponent, most).CopyTo(high[i..]);
        }

        StableMath.Expm1(high, high);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> alone = Vector512.Create<double>(y[i..]) * Vector512.Create<double>(high[i..]);
            Vector512<double> start = Vector512.Min(Vector512.Create<double>(p[i..]), alone);
            start.CopyTo(high[i..]);
            start.CopyTo(delta[i..]);
        }

        Span<double> done = stackalloc double[Chunk];
        done.Clear();
        bool left = true;
        for (int step = 0; step < MostSteps && left; step++)
        {
            Logs(delta, y, log, done);
            left = Advance(p, y, high, log, delta, done);
        }

        done.Clear();
        Logs(delta, y, log, done);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
            (Vector512.Create(-theta) * Vector512.Create<double>(log[i..])).CopyTo(log[i..]);
        StableMath.Expm1(log, log);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
            (-Vector512.Create<double>(log[i..])).CopyTo(log[i..]);
        StableMath.Pow(log, 1.0 / theta, log);
        for (int i = 0; i < p.Length; i += Vector512<double>.Count)
        {
            Vector512<double> a = Vector512.Create<double>(y[i..]) + Vector512.Create<double>(delta[i..]);
            (-a * Vector512.Create<double>(log[i..])).CopyTo(p[i..]);
        }

        StableMath.Exp(p, p);
    }

    /// <summary>ln(1 + δ/y) where it is still wanted.</summary>
    private static void Logs(
        ReadOnlySpan<double> delta,
        ReadOnlySpan<double> y,
        Span<double> log,
        ReadOnlySpan<double> done
    )
    {
        for (int i = 0; i < y.Length; i += Vector512<double>.Count)
        {
            if (!AllBits(done, i))
                StableMath.Log1p(Vector512.Create(delta[i..]) / Vector512.Create(y[i..])).CopyTo(log[i..]);
        }
    }

    /// <summary>One step of all that have not arrived; false when none is left.</summary>
    /// <param name="done">All bits set where a lane has arrived.</param>
    private bool Advance(
        ReadOnlySpan<double> target,
        ReadOnlySpan<double> y,
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> log,
        Span<double> delta,
        Span<double> done
    )
    {
        var one = Vector512<double>.One;
        var half = Vector512.Create(0.5);
        var excess = Vector512.Create(Excess);
        bool left = false;
        for (int i = 0; i < y.Length; i += Vector512<double>.Count)
        {
            if (AllBits(done, i))
                continue;
            Vector512<double> given = Vector512.Create(y[i..]);
            Vector512<double> wanted = Vector512.Create(target[i..]);
            Vector512<double> at = Vector512.Create<double>(delta[i..]);
            Vector512<double> bent = excess / (given + at);
            Vector512<double> slope = one + bent;
            Vector512<double> newton = (at + excess * Vector512.Create(log[i..]) - wanted) / slope;
            Vector512<double> damping = Vector512.Max(half, one + half * newton * (bent / slope) / (given + at));
            Vector512<double> low = wanted / (one + excess / given);
            Vector512<double> next = Vector512.Min(
                Vector512.Max(at - newton / damping, low),
                Vector512.Create(high[i..])
            );
            Vector512<double> stays = Vector512.Create<double>(done[i..]);
            Vector512<double> arrived = Vector512.LessThanOrEqual(
                Vector512.Abs(next - at),
                Vector512.Create(LastStep) * next
            );
            Vector512.ConditionalSelect(stays, at, next).CopyTo(delta[i..]);
            stays |= arrived;
            stays.CopyTo(done[i..]);
            left |= !Vector512.EqualsAll(stays.AsInt64(), Vector512<long>.AllBitsSet);
        }

        return left;
    }

    private static void MinusLog(ReadOnlySpan<double> x, Span<double> result)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            (-StableMath.Log(Vector512.Create(x[i..]))).CopyTo(result[i..]);
    }

    /// <summary>ln A.</summary>
    private double LogNorm(double logX, double logY)
    {
        double high = Math.Max(logX, logY);
        double low = Math.Min(logX, logY);
        return high + StableMath.Log1p(StableMath.Exp(theta * (low - high))) / theta;
    }
}
