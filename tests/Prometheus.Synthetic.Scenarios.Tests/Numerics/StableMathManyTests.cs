using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

/// <summary>Eight lanes give the bits of the scalar forms, over the whole range of doubles and at every special value.</summary>
public sealed class StableMathManyTests
{
    private static readonly double[] Special =
    [
        0.0,
        -0.0,
        1.0,
        -1.0,
        double.Epsilon,
        -double.Epsilon,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        -1.7976931348623157e308,
        double.PositiveInfinity,
        double.NegativeInfinity,
        double.NaN,
        1e-17,
        1.0 - 1.1102230246251565e-16,
        1.0 + 2.220446049250313e-16,
        709.782712893384,
        709.7827128933841,
        -745.1332191019412,
        -745.1332191019413,
        -708.5,
        -740.0,
        40.0,
        40.000001,
        -40.0,
        -36.8,
    ];

    [Fact]
    public void Logarithm() => Same(StableMath.Log, StableMath.Log);

    [Fact]
    public void Exponential() => Same(StableMath.Exp, StableMath.Exp);

    [Fact]
    public void Logarithm_of_one_plus() => Same(StableMath.Log1p, StableMath.Log1p);

    [Fact]
    public void Exponential_minus_one() => Same(StableMath.Expm1, StableMath.Expm1);

    [Fact]
    public void Power()
    {
        foreach (double y in new[] { 0.02, 0.5, 1.7, -3.0 })
            Same(x => StableMath.Pow(Math.Abs(x), y), x => StableMath.Pow(Vector512.Abs(x), y), x => x != 0.0);
    }

    private static void Same(
        Func<double, double> one,
        Func<Vector512<double>, Vector512<double>> many,
        Func<double, bool>? within = null
    )
    {
        double[] values = [.. Values().Where(within ?? (_ => true))];
        for (int i = 0; i + Vector512<double>.Count <= values.Length; i++)
        {
            Vector512<double> found = many(Vector512.Create<double>(values.AsSpan(i)));
            for (int lane = 0; lane < Vector512<double>.Count; lane++)
            {
                double expected = one(values[i + lane]);
                // NaN has many bit patterns; which one an operation gives is the processor's choice.
                bool same = double.IsNaN(expected)
                    ? double.IsNaN(found[lane])
                    : BitConverter.DoubleToUInt64Bits(expected) == BitConverter.DoubleToUInt64Bits(found[lane]);
                Assert.True(same, $"f({values[i + lane]:R}) = {expected:R}, in lane {lane} {found[lane]:R}");
            }
        }
    }

    private static IEnumerable<double> Values()
    {
        foreach (double x in Special)
            yield return x;
        // Any bits at all, and the ranges that kernels meet.
        var stream = new PhiloxStream(512);
        for (int i = 0; i < 4_000; i++)
        {
            double u = stream.Uniform(i, 0, DrawPurpose.Copula);
            yield return BitConverter.UInt64BitsToDouble((ulong)(u * ulong.MaxValue));
            yield return u;
            yield return 1.0 - 1e-14 * u;
            yield return 1_500.0 * (u - 0.5);
            yield return 4.0 * (u - 0.5);
            yield return 1e-12 * (u - 0.5);
        }
    }
}
