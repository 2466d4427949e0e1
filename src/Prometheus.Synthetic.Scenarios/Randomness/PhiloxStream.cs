using System.Runtime.CompilerServices;
using Prometheus.Synthetic.Scenarios.Numerics;

namespace Prometheus.Synthetic.Scenarios.Randomness;

/// <summary>
/// Random numbers of one scenario set, addressed by (path, step, purpose, lane, index). The key is the set's seed; the
/// counter is (path, step, purpose · 2¹⁶ + lane, index / 2). A draw is the same whatever was drawn before it, by
/// whichever thread, shard or machine. Immutable and thread-safe.
/// </summary>
/// <param name="seed">The set's seed; all 64 bits are used.</param>
public readonly struct PhiloxStream(ulong seed)
{
    private readonly uint _k0 = (uint)seed;
    private readonly uint _k1 = (uint)(seed >> 32);

    /// <summary>128 random bits at an address. <paramref name="lane"/> separates series within a purpose (a driver block).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PhiloxBlock Block(int path, int step, DrawPurpose purpose, ushort lane, uint index) =>
        Philox4x32.Encrypt((uint)path, (uint)step, ((uint)purpose << 16) | lane, index, _k0, _k1);

    /// <summary>64 random bits; two consecutive indices share one Philox block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(int path, int step, DrawPurpose purpose, uint index = 0, ushort lane = 0)
    {
        PhiloxBlock block = Block(path, step, purpose, lane, index >> 1);
        return (index & 1) == 0 ? block.Low : block.High;
    }

    /// <summary>Uniform in the open interval (0, 1), on the grid (i + ½)·2⁻⁵², symmetric about ½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(int path, int step, DrawPurpose purpose, uint index = 0, ushort lane = 0) =>
        ToOpenUniform(Bits(path, step, purpose, index, lane));

    /// <summary>Standard normal by inverse CDF of one uniform: one draw per number, whatever its value.</summary>
    public double Normal(int path, int step, DrawPurpose purpose, uint index = 0, ushort lane = 0) =>
        StandardNormal.Quantile(Uniform(path, step, purpose, index, lane));

    /// <summary>
    /// Integer in [0, <paramref name="exclusiveMax"/>) by multiplication of 64 bits; the bias is below
    /// exclusiveMax · 2⁻⁶⁴.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int exclusiveMax, int path, int step, DrawPurpose purpose, uint index = 0, ushort lane = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)Math.BigMul(Bits(path, step, purpose, index, lane), (ulong)exclusiveMax, out _);
    }

    /// <summary>Fills with the uniforms of indices 0, 1, 2, … at one address.</summary>
    public void FillUniforms(Span<double> destination, int path, int step, DrawPurpose purpose, ushort lane = 0)
    {
        int i = 0;
        for (; i + 1 < destination.Length; i += 2)
        {
            PhiloxBlock block = Block(path, step, purpose, lane, (uint)i >> 1);
            destination[i] = ToOpenUniform(block.Low);
            destination[i + 1] = ToOpenUniform(block.High);
        }

        if (i < destination.Length)
            destination[i] = ToOpenUniform(Block(path, step, purpose, lane, (uint)i >> 1).Low);
    }

    /// <summary>Fills with the standard normals of indices 0, 1, 2, … at one address.</summary>
    public void FillNormals(Span<double> destination, int path, int step, DrawPurpose purpose, ushort lane = 0)
    {
        FillUniforms(destination, path, step, purpose, lane);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = StandardNormal.Quantile(destination[i]);
    }

    /// <summary>The top 52 bits, moved by half a grid step: exact in double, never 0 and never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToOpenUniform(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1UL << 52));
}
