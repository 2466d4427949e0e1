using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Tests.Randomness;

/// <summary>The known-answer vectors published with Random123 for philox4x32-10.</summary>
public sealed class Philox4x32Tests
{
    [Fact]
    public void Zeros_under_zeros() =>
        Assert.Equal(
            new PhiloxBlock(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8),
            Philox4x32.Encrypt(0, 0, 0, 0, 0, 0)
        );

    [Fact]
    public void Ones_under_ones() =>
        Assert.Equal(
            new PhiloxBlock(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd),
            Philox4x32.Encrypt(~0u, ~0u, ~0u, ~0u, ~0u, ~0u)
        );

    [Fact]
    public void Digits_of_pi() =>
        Assert.Equal(
            new PhiloxBlock(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1),
            Philox4x32.Encrypt(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0)
        );
}
