using Prometheus.Synthetic.Scenarios.Numerics;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Numerics;

/// <summary>Draws made many at a time are those made one by one, bit by bit.</summary>
public sealed class ManyDrawsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1_031)]
    public void Uniforms_and_normals(int count)
    {
        var stream = new PhiloxStream(0xFEDC_BA98_7654_3210);
        double[] uniforms = new double[count];
        double[] normals = new double[count];
        stream.FillUniforms(uniforms, 123_456, 17, DrawPurpose.Residual, 9);
        stream.FillNormals(normals, 123_456, 17, DrawPurpose.Residual, 9);
        for (int i = 0; i < count; i++)
        {
            double one = stream.Uniform(123_456, 17, DrawPurpose.Residual, (uint)i, 9);
            Assert.Equal(BitConverter.DoubleToInt64Bits(one), BitConverter.DoubleToInt64Bits(uniforms[i]));
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(StandardNormal.Quantile(one)),
                BitConverter.DoubleToInt64Bits(normals[i])
            );
        }
    }

    /// <summary>Every branch of the quantile: centre, tails, far tails, and the borders between them.</summary>
    [Fact]
    public void Quantiles_over_the_whole_range()
    {
        var values = new List<double> { 0.075, 0.925, 0.5, Math.BitIncrement(0.925), Math.BitDecrement(0.075) };
        for (double p = 0.5; p > 1e-16; p *= 0.97)
            values.AddRange([p, 1.0 - p, p * 0.999]);
        double[] many = [.. values];
        StandardNormal.QuantilesInPlace(many);
        for (int i = 0; i < many.Length; i++)
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(StandardNormal.Quantile(values[i])),
                BitConverter.DoubleToInt64Bits(many[i])
            );
    }
}
