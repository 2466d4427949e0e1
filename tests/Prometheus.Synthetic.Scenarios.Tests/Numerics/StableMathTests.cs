using System.Numerics;
using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

/// <summary>The claim of <see cref="StableMath"/>, below 1 ulp, against 320-bit integer arithmetic at fixed points.</summary>
public sealed class StableMathTests
{
    private static readonly PhiloxStream s_points = new(20240229);

    [Fact]
    public void Exp_is_within_one_ulp()
    {
        for (int i = 0; i < 3000; i++)
        {
            // Half over the range shocks live in, half wide.
            double x = (s_points.Uniform(i, 0, DrawPurpose.Direction) - 0.5) * (i % 2 == 0 ? 2 : 80);
            double y = StableMath.Exp(x);
            double error = HighPrecision.Distance(
                HighPrecision.Exact(y),
                HighPrecision.Exp(x),
                Math.BitIncrement(y) - y
            );
            Assert.True(Math.Abs(error) < 1, $"exp({x:R}) = {y:R} is {error} ulp off");
        }
    }

    [Fact]
    public void Log_is_within_one_ulp()
    {
        for (int i = 0; i < 3000; i++)
        {
            double u = s_points.Uniform(i, 1, DrawPurpose.Direction);
            // Near 1, uniform on (0, 1), and over many magnitudes.
            double x = (i % 3) switch
            {
                0 => 1 + (u - 0.5) * Math.ScaleB(1, -(i % 30)),
                1 => u,
                _ => Math.ScaleB(u, (i % 80) - 40),
            };
            double y = StableMath.Log(x);
            // ln x − y = x/eʸ − 1 up to its own square, about 2⁻¹⁰⁰ here.
            BigInteger ratio = HighPrecision.Exact(x) * HighPrecision.One / HighPrecision.Exp(y);
            double ulp = Math.BitIncrement(Math.Abs(y)) - Math.Abs(y);
            double error = HighPrecision.Distance(ratio, HighPrecision.One, ulp);
            Assert.True(Math.Abs(error) < 1, $"ln({x:R}) = {y:R} is {error} ulp off");
        }
    }

    /// <summary>The relative error of exp(y·ln x) is about |y·ln x|·2⁻⁵² + 2⁻⁵²; 1e-13 is promised up to 100.</summary>
    [Fact]
    public void Pow_keeps_its_promise()
    {
        for (int i = 0; i < 1000; i++)
        {
            double x = Math.ScaleB(s_points.Uniform(i, 2, DrawPurpose.Direction), (i % 11) - 5);
            int power = 1 + i % 9;
            BigInteger exact = HighPrecision.One;
            for (int n = 0; n < power; n++)
                exact = exact * HighPrecision.Exact(x) >> 320;
            double expected = (double)exact / (double)HighPrecision.One;
            if (expected > 1e-30)
                Assert.InRange(StableMath.Pow(x, power) / expected, 1 - 1e-13, 1 + 1e-13);
        }
    }

    [Fact]
    public void Edges()
    {
        Assert.Equal(double.NegativeInfinity, StableMath.Log(0));
        Assert.Equal(double.NaN, StableMath.Log(-1));
        Assert.Equal(double.NaN, StableMath.Log(double.NaN));
        Assert.Equal(double.PositiveInfinity, StableMath.Log(double.PositiveInfinity));
        Assert.Equal(0, StableMath.Log(1));
        Assert.Equal(-744.4400719213812, StableMath.Log(double.Epsilon)); // −1074 ln 2
        Assert.Equal(1, StableMath.Exp(0));
        Assert.Equal(0, StableMath.Exp(-746));
        Assert.Equal(0, StableMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, StableMath.Exp(710));
        Assert.True(double.IsFinite(StableMath.Exp(709.782712893384)));
        Assert.Equal(double.NaN, StableMath.Exp(double.NaN));
        Assert.Equal(1, StableMath.Pow(0, 0));
        Assert.Equal(0, StableMath.Pow(0, 2));
        Assert.Equal(double.PositiveInfinity, StableMath.Pow(0, -1));
    }
}
