using System.Runtime.Intrinsics;

namespace Prometheus.Synthetic.Scenarios.Dependence.Pairs;

/// <summary>
/// A copula turned by 90, 180 or 270 degrees: the inner copula of (1 − U, V), (1 − U, 1 − V), (U, 1 − V). 180 exchanges
/// the tails, 90 and 270 make the dependence negative.
/// </summary>
public sealed class RotatedPair : PairCopula
{
    private readonly PairCopula _inner;
    private readonly bool _flipU;
    private readonly bool _flipV;

    private RotatedPair(PairCopula inner, int rotation)
    {
        _inner = inner;
        Rotation = rotation;
        _flipU = rotation is 90 or 180;
        _flipV = rotation is 180 or 270;
    }

    public static PairCopula Of(PairCopula inner, int rotation) =>
        rotation switch
        {
            0 => inner,
            90 or 180 or 270 => new RotatedPair(inner, rotation),
            _ => throw new ArgumentOutOfRangeException(nameof(rotation), rotation, "0, 90, 180 or 270"),
        };

    public override string Family => _inner.Family;

    public override IReadOnlyList<double> Parameters => _inner.Parameters;

    public override int Rotation { get; }

    public override double Tau => Rotation == 180 ? _inner.Tau : -_inner.Tau;

    public override double LowerTail => Rotation == 180 ? _inner.UpperTail : 0.0;

    public override double UpperTail => Rotation == 180 ? _inner.LowerTail : 0.0;

    public override double LogDensity(double u, double v) => _inner.LogDensity(U(u), V(v));

    public override double H(double u, double v) => U(_inner.H(U(u), V(v)));

    public override double HInverse(double p, double v) => U(_inner.HInverse(U(p), V(v)));

    public override double HOther(double v, double u) => V(_inner.H(V(v), U(u)));

    public override double HOtherInverse(double p, double u) => V(_inner.HInverse(V(p), U(u)));

    internal override void H(Span<double> u, ReadOnlySpan<double> v) =>
        Turn(u, v, _flipU, _flipV, static (inner, x, y) => inner.H(x, y));

    internal override void HInverse(Span<double> p, ReadOnlySpan<double> v) =>
        Turn(p, v, _flipU, _flipV, static (inner, x, y) => inner.HInverse(x, y));

    internal override void HOther(Span<double> v, ReadOnlySpan<double> u) =>
        Turn(v, u, _flipV, _flipU, static (inner, x, y) => inner.H(x, y));

    internal override void HOtherInverse(Span<double> p, ReadOnlySpan<double> u) =>
        Turn(p, u, _flipV, _flipU, static (inner, x, y) => inner.HInverse(x, y));

    private delegate void InPlace(PairCopula inner, Span<double> x, ReadOnlySpan<double> y);

    private void Turn(Span<double> x, ReadOnlySpan<double> y, bool flipX, bool flipY, InPlace function)
    {
        Span<double> turned = stackalloc double[Chunk];
        turned = turned[..y.Length];
        y.CopyTo(turned);
        if (flipY)
            Flip(turned);
        if (flipX)
            Flip(x);
        function(_inner, x, turned);
        if (flipX)
            Flip(x);
    }

    private static void Flip(Span<double> x)
    {
        for (int i = 0; i < x.Length; i += Vector512<double>.Count)
            (Vector512<double>.One - Vector512.Create<double>(x[i..])).CopyTo(x[i..]);
    }

    private double U(double u) => _flipU ? 1.0 - u : u;

    private double V(double v) => _flipV ? 1.0 - v : v;
}
