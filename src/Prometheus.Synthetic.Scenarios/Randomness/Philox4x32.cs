using System.Runtime.CompilerServices;

namespace Prometheus.Synthetic.Scenarios.Randomness;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011). A block of 128 bits is a pure function of a 128-bit counter and a 64-bit key, so a draw can be
/// addressed instead of reached: no draw depends on another having been made.
/// </summary>
public static class Philox4x32
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The ten-round bijection of the counter words under the key words (k0, k1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxBlock Encrypt(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * c0;
            ulong b = (ulong)MultiplierB * c2;
            uint n0 = (uint)(b >> 32) ^ c1 ^ k0;
            uint n2 = (uint)(a >> 32) ^ c3 ^ k1;
            c1 = (uint)b;
            c3 = (uint)a;
            c0 = n0;
            c2 = n2;
            k0 += WeylA;
            k1 += WeylB;
        }

        return new PhiloxBlock(c0, c1, c2, c3);
    }
}

/// <summary>The four 32-bit words that one counter value yields.</summary>
public readonly record struct PhiloxBlock(uint W0, uint W1, uint W2, uint W3)
{
    /// <summary>Words 0 and 1 as 64 bits, word 0 low.</summary>
    public ulong Low => ((ulong)W1 << 32) | W0;

    /// <summary>Words 2 and 3 as 64 bits, word 2 low.</summary>
    public ulong High => ((ulong)W3 << 32) | W2;
}
