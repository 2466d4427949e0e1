using System.Runtime.Intrinsics;
using Prometheus.Synthetic.Scenarios.Factors.Residuals;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Factors;

public sealed class InstrumentDrawsTests
{
    private static readonly PhiloxStream Stream = new(0xABCD_EF01_2345_6789);

    /// <summary>The first six bytes of a published digest: FIPS 180-4's example, SHA-256 of "abc".</summary>
    [Fact]
    public void An_address_is_the_head_of_the_digest_of_the_name() =>
        Assert.Equal(0xBA78_16BF_8F01UL, InstrumentDraws.AddressOf("abc"));

    /// <summary>Eight instruments at a time draw what the stream gives for each address alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(13)]
    public void Many_at_once_are_the_stream_s_own_draws(int count)
    {
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"EQUITY:N{i}")];
        var draws = new InstrumentDraws(ids, Stream);
        double[] even = new double[count];
        double[] odd = new double[count];
        draws.FillUniforms(7, 3, DrawPurpose.Residual, even, odd);
        for (int i = 0; i < count; i++)
        {
            ulong address = InstrumentDraws.AddressOf(ids[i]);
            PhiloxBlock block = Stream.Block(7, 3, DrawPurpose.Residual, (ushort)(address >> 32), (uint)address);
            Assert.Equal(((block.Low >> 12) + 0.5) / (1UL << 52), even[i]);
            Assert.Equal(((block.High >> 12) + 0.5) / (1UL << 52), odd[i]);
        }
    }

    /// <summary>Where two names share an address, each still has one of its own; here the same name twice.</summary>
    [Fact]
    public void Names_that_share_an_address_move_apart()
    {
        var draws = new InstrumentDraws(["EQUITY:A", "EQUITY:B", "EQUITY:A"], Stream);
        draws.Words(0, 0, DrawPurpose.Residual, 0, out Vector512<ulong> w0, out _, out _, out _);
        uint[] words = [.. Enumerable.Range(0, 3).Select(i => (uint)w0[i])];
        Assert.Equal(3, words.Distinct().Count());
        ulong next = InstrumentDraws.AddressOf("EQUITY:A") + 1;
        Assert.Equal(Stream.Block(0, 0, DrawPurpose.Residual, (ushort)(next >> 32), (uint)next).W0, words[2]);
    }
}
