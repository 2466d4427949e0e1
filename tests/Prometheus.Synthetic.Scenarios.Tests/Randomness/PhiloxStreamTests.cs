using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Randomness;

public sealed class PhiloxStreamTests
{
    private const DrawPurpose Purpose = DrawPurpose.Residual;

    /// <summary>The layout is part of every content hash: counter (path, step, purpose·2¹⁶ + lane, index/2), key = seed, low word first.</summary>
    [Fact]
    public void A_draw_is_the_block_at_its_address()
    {
        var stream = new PhiloxStream(0x299f31d0_a4093822);
        PhiloxBlock block = Philox4x32.Encrypt(7, 9, (6u << 16) | 3, 5, 0xa4093822, 0x299f31d0);

        Assert.Equal(block, stream.Block(7, 9, Purpose, 3, 5));
        Assert.Equal(block.Low, stream.Bits(7, 9, Purpose, 10, 3));
        Assert.Equal(block.High, stream.Bits(7, 9, Purpose, 11, 3));
        Assert.Equal(((block.Low >> 12) + 0.5) / (1UL << 52), stream.Uniform(7, 9, Purpose, 10, 3));
    }

    [Fact]
    public void Every_part_of_the_address_and_of_the_seed_matters()
    {
        var stream = new PhiloxStream(1);
        ulong[] draws =
        [
            stream.Bits(0, 0, Purpose),
            stream.Bits(1, 0, Purpose),
            stream.Bits(0, 1, Purpose),
            stream.Bits(0, 0, DrawPurpose.BlockStart),
            stream.Bits(0, 0, Purpose, 1),
            stream.Bits(0, 0, Purpose, 2),
            stream.Bits(0, 0, Purpose, 0, 1),
            new PhiloxStream(2).Bits(0, 0, Purpose),
            new PhiloxStream(1UL << 32 | 1).Bits(0, 0, Purpose),
        ];
        Assert.Equal(draws.Length, draws.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Filling_gives_the_single_draws(int count)
    {
        var stream = new PhiloxStream(99);
        double[] uniforms = new double[count];
        double[] normals = new double[count];
        stream.FillUniforms(uniforms, 3, 4, Purpose, 5);
        stream.FillNormals(normals, 3, 4, Purpose, 5);
        for (uint i = 0; i < count; i++)
        {
            Assert.Equal(stream.Uniform(3, 4, Purpose, i, 5), uniforms[i]);
            Assert.Equal(stream.Normal(3, 4, Purpose, i, 5), normals[i]);
        }
    }

    /// <summary>
    /// χ² of 256 cells has 255 degrees of freedom: mean 255, standard deviation √510 = 22.6. The bounds are the 1e-6
    /// quantiles on either side by Wilson and Hilferty, 255·(1 − 2/2295 ± 4.75·√(2/2295))³ = 162 and 378; the draws are fixed.
    /// </summary>
    [Theory]
    [InlineData("path")]
    [InlineData("step")]
    [InlineData("index")]
    [InlineData("lane")]
    public void Uniform_along_every_axis_of_the_address(string axis)
    {
        var stream = new PhiloxStream(20170517);
        int[] cells = new int[256];
        const int n = 60_000;
        for (int i = 0; i < n; i++)
            cells[(int)(256 * At(stream, axis, i))]++;
        double expected = n / 256.0;
        Assert.InRange(cells.Sum(c => (c - expected) * (c - expected) / expected), 162, 378);
    }

    /// <summary>
    /// Neighbouring addresses on a 16 × 16 table of pairs: χ² with 255 degrees of freedom again if they are independent
    /// and uniform.
    /// </summary>
    [Theory]
    [InlineData("path")]
    [InlineData("step")]
    [InlineData("index")]
    [InlineData("lane")]
    public void Neighbours_are_independent(string axis)
    {
        var stream = new PhiloxStream(42);
        int[] cells = new int[256];
        const int n = 32_000;
        for (int i = 0; i < n; i++)
            cells[16 * (int)(16 * At(stream, axis, 2 * i)) + (int)(16 * At(stream, axis, 2 * i + 1))]++;
        double expected = n / 256.0;
        Assert.InRange(cells.Sum(c => (c - expected) * (c - expected) / expected), 162, 378);
    }

    /// <summary>Mean and variance of n normals within five standard errors, 1/√n and √(2/n): false alarm below 2e-6.</summary>
    [Fact]
    public void Normals_have_mean_zero_and_variance_one()
    {
        var stream = new PhiloxStream(5);
        const int n = 200_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++)
        {
            double z = stream.Normal(i, 1, Purpose);
            sum += z;
            squares += z * z;
        }

        Assert.InRange(sum / n, -5 / Math.Sqrt(n), 5 / Math.Sqrt(n));
        Assert.InRange(squares / n - 1, -5 * Math.Sqrt(2.0 / n), 5 * Math.Sqrt(2.0 / n));
    }

    [Fact]
    public void Below_stays_in_range_and_refuses_nothing_to_choose_from()
    {
        var stream = new PhiloxStream(8);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++)
            counts[stream.Below(3, i, 0, Purpose)]++;
        // Standard deviation √(30000·1/3·2/3) = 81.6; six of them.
        Assert.All(counts, c => Assert.InRange(c, 10_000 - 490, 10_000 + 490));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Below(0, 0, 0, Purpose));
    }

    private static double At(PhiloxStream stream, string axis, int i) =>
        axis switch
        {
            "path" => stream.Uniform(i, 1, Purpose),
            "step" => stream.Uniform(1, i, Purpose),
            "index" => stream.Uniform(1, 1, Purpose, (uint)i),
            _ => stream.Uniform(1, 1 + (i >> 16), Purpose, 0, (ushort)i),
        };
}
