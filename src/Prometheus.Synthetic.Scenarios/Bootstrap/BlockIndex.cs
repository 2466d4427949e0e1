using Prometheus.Synthetic.Scenarios.Randomness;

namespace Prometheus.Synthetic.Scenarios.Bootstrap;

/// <summary>
/// The index vector of a block bootstrap: which historical day stands behind each step. One vector serves all columns,
/// which keeps the cross-section of every day intact. Step h depends on draws at steps ≤ h only, so a shorter horizon is
/// a prefix of a longer one.
/// </summary>
public static class BlockIndex
{
    /// <param name="scheme">How blocks are drawn.</param>
    /// <param name="length">Block length b ≥ 1 in days; the mean when stationary.</param>
    /// <param name="days">Number T of historical days; T ≥ b when moving.</param>
    /// <param name="stream">The set's random numbers.</param>
    /// <param name="path">Path number.</param>
    /// <param name="index">Receives day numbers 0..T−1, one per step.</param>
    /// <param name="lane">Tells several independent indices of one path apart, e.g. that of factors from that of residuals.</param>
    public static void Fill(
        BlockScheme scheme,
        double length,
        int days,
        PhiloxStream stream,
        int path,
        Span<int> index,
        ushort lane = 0
    )
    {
        switch (scheme)
        {
            case BlockScheme.Stationary:
                FillStationary(1.0 / length, days, stream, path, index, lane);
                break;
            case BlockScheme.Circular:
                FillFixed((int)length, days, days, stream, path, index, lane);
                break;
            default:
                FillFixed((int)length, days - (int)length + 1, days, stream, path, index, lane);
                break;
        }
    }

    /// <summary>Whether a block starts on a step (0, 1, …) of a path, by the draws of <see cref="Fill"/>.</summary>
    internal static bool Starts(
        BlockScheme scheme,
        double length,
        PhiloxStream stream,
        int path,
        int step,
        ushort lane = 0
    ) =>
        step == 0
        || (
            scheme == BlockScheme.Stationary
                ? stream.Uniform(path, step, DrawPurpose.BlockEnd, lane: lane) < 1.0 / length
                : step % (int)length == 0
        );

    private static void FillStationary(
        double endProbability,
        int days,
        PhiloxStream stream,
        int path,
        Span<int> index,
        ushort lane
    )
    {
        int day = 0;
        for (int h = 0; h < index.Length; h++)
        {
            bool starts = h == 0 || stream.Uniform(path, h, DrawPurpose.BlockEnd, lane: lane) < endProbability;
            day = starts ? stream.Below(days, path, h, DrawPurpose.BlockStart, lane: lane) : Next(day, days);
            index[h] = day;
        }
    }

    private static void FillFixed(
        int length,
        int starts,
        int days,
        PhiloxStream stream,
        int path,
        Span<int> index,
        ushort lane
    )
    {
        int day = 0;
        for (int h = 0; h < index.Length; h++)
        {
            day = h % length == 0 ? stream.Below(starts, path, h, DrawPurpose.BlockStart, lane: lane) : Next(day, days);
            index[h] = day;
        }
    }

    private static int Next(int day, int days) => day + 1 == days ? 0 : day + 1;
}
