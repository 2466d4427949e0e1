using System.Buffers;

namespace Prometheus.Synthetic.Engine.Generation;

/// <summary>
/// Buffers of the ranges of paths in work. The runtime's shared pool keeps an array for every thread that ever returned
/// one, so that its memory grows with the number of shards until every thread has had a turn; this pool keeps two a core,
/// which is what verification, the hungriest reader, has in use at once.
/// </summary>
internal static class ShardBuffers
{
    /// <summary>64 million cells: far above any configured shard; a longer array is made and dropped.</summary>
    private const int LongestKept = 1 << 26;

    private static readonly ArrayPool<double> s_pool = ArrayPool<double>.Create(
        LongestKept,
        2 * Environment.ProcessorCount
    );

    /// <summary>At least so many cells, with whatever an earlier range left in them.</summary>
    public static double[] Rent(int cells) => s_pool.Rent(cells);

    public static void Return(double[] buffer) => s_pool.Return(buffer);
}
