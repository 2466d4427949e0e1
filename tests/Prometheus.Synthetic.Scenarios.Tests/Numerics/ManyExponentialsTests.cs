using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

public sealed class ManyExponentialsTests
{
    /// <summary>Eight at once are those made one by one, over the whole range and where it ends.</summary>
    [Fact]
    public void Eight_at_once_have_the_bits_of_one()
    {
        var values = new List<double>
        {
            0.0,
            -0.0,
            1e-300,
            -1e-18,
            699.9999,
            700.0,
            -700.0,
            709.7827,
            710.0,
            -745.2,
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            0.34657359027997264,
            -0.34657359027997264,
            -20.0,
        };
        for (double x = -720.0; x < 720.0; x += 0.0917)
            values.Add(x);
        for (double x = -0.5; x < 0.5; x += 0.00013)
            values.Add(x);
        while (values.Count % 8 != 0)
            values.Add(1.0);
        double[] x8 = [.. values];
        for (int i = 0; i < x8.Length; i += 8)
        {
            Vector512<double> many = StableMath.Exp(Vector512.Create(x8, i));
            for (int lane = 0; lane < 8; lane++)
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(StableMath.Exp(x8[i + lane])),
                    BitConverter.DoubleToInt64Bits(many[lane])
                );
        }
    }
}
