using Prometheus.Synthetic.Scenarios.Bootstrap;
using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Sampling;

/// <summary>
/// Which day of a <see cref="DayPool"/> stands behind each step of a path: the blocks of <see cref="BlockIndex"/> over
/// the pool's positions, and where a block would run over a seam it ends there and a fresh day is drawn. Where only some
/// days may start a block, a fresh day is one of those, and the last day of history has no successor. Step h depends on
/// draws at steps ≤ h only.
/// </summary>
/// <param name="scheme">How blocks are drawn; a length of 1 draws days independently.</param>
/// <param name="length">Block length in days, or its mean; no longer than the pool.</param>
/// <param name="lane">Tells the indices of one path apart.</param>
public sealed class RowIndex(DayPool pool, BlockScheme scheme, double length, PhiloxStream stream, ushort lane)
{
    // BlockIndex draws at index 0 of the address; the fresh day after a seam is another draw of the same address.
    private const uint FreshDay = 2;

    public DayPool Pool => pool;

    /// <summary>Fills pool positions 0..P−1, one per step.</summary>
    public void Fill(int path, Span<int> positions)
    {
        BlockIndex.Fill(scheme, length, pool.Count, stream, path, positions, lane);
        for (int h = 0; h < positions.Length; h++)
        {
            // Not told by the position: a fresh day may by chance be the one after.
            if (BlockIndex.Starts(scheme, length, stream, path, h, lane))
            {
                if (pool.Starts is not null)
                    positions[h] = Fresh(path, h);
                continue;
            }

            int position = Next(positions[h - 1]);
            positions[h] = EndsBefore(position) ? Fresh(path, h) : position;
        }
    }

    /// <summary>A whole history is a circle only for blocks that may start anywhere and run round it.</summary>
    private bool EndsBefore(int position) =>
        pool.SeamBefore(position) || (position == 0 && (pool.Starts is not null || scheme == BlockScheme.Moving));

    private int Fresh(int path, int step) =>
        pool.Starts is { } starts
            ? starts[stream.Below(starts.Count, path, step, DrawPurpose.BlockStart, FreshDay, lane)]
            : stream.Below(pool.Count, path, step, DrawPurpose.BlockStart, FreshDay, lane);

    private int Next(int position) => position + 1 == pool.Count ? 0 : position + 1;
}
