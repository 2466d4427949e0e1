using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Fills with the uniforms of indices 0, 1, 2, … at one address, eight Philox blocks at a time.</summary>
    public void FillUniforms(Span<double> destination, int path, int step, DrawPurpose purpose, ushort lane = 0)
    {
        ref double first = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i + 2 * PhiloxLanes.Count <= destination.Length; i += 2 * PhiloxLanes.Count)
        {
            var c0 = Vector512.Create((ulong)(uint)path);
            var c1 = Vector512.Create((ulong)(uint)step);
            var c2 = Vector512.Create((ulong)(((uint)purpose << 16) | lane));
            Vector512<ulong> c3 = PhiloxLanes.Numbers + Vector512.Create((ulong)i >> 1);
            PhiloxLanes.Encrypt(ref c0, ref c1, ref c2, ref c3, _k0, _k1);
            Vector512<double> low = ToOpenUniform(PhiloxLanes.Join(c0, c1));
            Vector512<double> high = ToOpenUniform(PhiloxLanes.Join(c2, c3));
            PhiloxLanes.StoreInterleaved(low, high, ref Unsafe.Add(ref first, i));
        }

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
        StandardNormal.QuantilesInPlace(destination);
    }

    /// <summary>Eight <see cref="Block"/>s, one per lane, for kernels that draw for many addresses at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Blocks(
        ref Vector512<ulong> path,
        ref Vector512<ulong> step,
        ref Vector512<ulong> purposeAndLane,
        ref Vector512<ulong> index
    ) => PhiloxLanes.Encrypt(ref path, ref step, ref purposeAndLane, ref index, _k0, _k1);

    /// <summary>The top 52 bits, moved by half a grid step: exact in double, never 0 and never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToOpenUniform(ulong bits) => ((bits >> 12) + 0.5) * (1.0 / (1UL << 52));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> ToOpenUniform(Vector512<ulong> bits) =>
        (Vector512.ConvertToDouble(bits >>> 12) + Vector512.Create(0.5)) * Vector512.Create(1.0 / (1UL << 52));
}
